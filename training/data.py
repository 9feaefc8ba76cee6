"""Training examples from `multiway.tsv`: which sentences, in which directions, in which order.

A *group* is one source text and its targets, which the model reads as one tree (see `model.Pack`). The order of
groups is a function of the seed alone, so a run resumes exactly from the number of groups it has seen.
"""

import csv
import json
import random
import re
from dataclasses import dataclass, field

import ftfy
import torch

from base import BOS, NEWLINE
from model import WINDOW, Pack

NAMES = {"id": "Indonesian", "en": "English", "zh": "Chinese", "ja": "Japanese", "ar": "Arabic", "fr": "French"}
NEWS = ("flores-dev", "ntrex-128", "ud-pud")

# How often a row is read per epoch from each source language, (news, TICO-19).
READS = {"id": (1.0, 0.6), "en": (0.3, 0.1), "fr": (0.04, 0.0), "ar": (0.04, 0.0), "zh": (0.04, 0.0), "ja": (0.06, 0.0)}
# Loss weight of an answer token: what the base knows least, or the data hold least of, weighs more.
TARGET_WEIGHT = {"id": 0.7, "en": 1.0, "zh": 1.0, "ja": 1.3, "ar": 1.3, "fr": 1.0}
PARAGRAPHS = {"id": 0.15, "en": 0.05}  # share of NTREX rows that also open a paragraph of two or three sentences
FORMS = 0.5  # share of texts that are read with the target's established forms in them, where there are any
NUMBER_SWAPS = 0.15  # share of groups whose numbers are replaced on both sides, where that is possible
# Lines of `multiway.tsv` whose French belongs to other rows: about three quarters of their numbers differ.
MISALIGNED_FRENCH = (range(463, 737), range(1088, 1123))
TARGETS = 2  # of a source text at a time: all at once makes a step of few texts, and generalises less
WARM_GROUPS = 400  # the first groups: Indonesian to English and one other language


def clean(text: str) -> str:
    """One line, single spaces, mojibake repaired, composed characters; a no-break space stays."""
    text = ftfy.fix_text(text, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
                         unescape_html=False, normalization="NFC")
    return re.sub(r"[ \t\n\r]+", " ", text).strip()


def read_rows(path, split):
    """Rows of one split, cleaned: dicts with `source` and one text per language that the row has."""
    with open(path, encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE), start=2):
            if row["split"] == split:
                if any(line in lines for lines in MISALIGNED_FRENCH):
                    row["fr"] = ""
                texts = {lang: clean(row[lang]) for lang in NAMES if row[lang].strip()}
                yield {"source": row["source"], **texts}


def read_forms(folder, rows):
    """Adds to each row what `forms.py` wrote of it: `forms`, by source and target, where that differs from the text."""
    for row in rows:
        row["forms"] = {}
    for source in NAMES:
        for target in NAMES:
            if source != target:
                with open(folder / f"{source}-{target}.txt", encoding="utf-8") as file:
                    lines = file.read().split("\n")[:-1]
                if len(lines) != len(rows):
                    raise ValueError(f"{source}-{target}.txt has {len(lines)} lines for {len(rows)} rows; run forms.py again")
                for row, line in zip(rows, lines):
                    if source in row and target in row and line != row[source]:
                        row["forms"][source, target] = line


@dataclass
class Group:
    source: str  # language
    text: str
    targets: dict  # language to text
    forms: dict = field(default_factory=dict)  # language to the text with its established forms
    drafts: tuple = ()  # (text, reward) of drafts in the one language of `targets`


def swap_numbers(group: Group, rng) -> Group:
    """The group with its numbers replaced by others of the same length, where every side writes the same ones."""
    digits = re.compile(r"(?<![\d.,:])\d{2,}(?![\d.,:]*\d)")
    found = sorted(digits.findall(group.text))
    if not found or any(sorted(digits.findall(text)) != found for text in group.targets.values()):
        return group
    new = {}
    for number in found:
        if re.fullmatch(r"(19|20)\d\d", number):
            new[number] = str(rng.randint(1900, 2029))
        else:
            new[number] = str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in number[1:])
    change = lambda text: digits.sub(lambda m: new[m[0]], text)
    return Group(group.source, change(group.text), {lang: change(text) for lang, text in group.targets.items()})


def join(rows):
    """Consecutive sentences as one paragraph, in the languages that all of them have."""
    langs = [lang for lang in NAMES if all(lang in row for row in rows)]
    glue = {lang: "" if lang in ("zh", "ja") else " " for lang in langs}
    joined = {"source": rows[0]["source"], **{lang: glue[lang].join(row[lang] for row in rows) for lang in langs}}
    pairs = {pair for row in rows for pair in row.get("forms", ()) if set(pair) <= set(langs)}
    joined["forms"] = {(source, target): glue[source].join(row["forms"].get((source, target), row[source]) for row in rows)
                       for source, target in pairs}
    return joined


def group_of(row, source):
    langs = [lang for lang in NAMES if lang != source and lang in row]
    if source not in ("id", "en"):
        langs = [lang for lang in langs if lang in ("id", "en")]
    forms = row.get("forms", {})
    return Group(source, row[source], {lang: row[lang] for lang in langs},
                 {lang: forms[source, lang] for lang in langs if (source, lang) in forms})


def with_forms(group, rng):
    """The group; or, now and then, its targets with established forms each on its own, and the rest of it."""
    langs = [lang for lang in group.targets if lang in group.forms]
    if not langs or rng.random() >= FORMS:
        return [group]
    groups = [Group(group.source, group.forms[lang], {lang: group.targets[lang]}) for lang in langs]
    rest = {lang: text for lang, text in group.targets.items() if lang not in langs}
    return groups + ([Group(group.source, group.text, rest)] if rest else [])


def parts(group, rng):
    """The group as groups of at most `TARGETS` targets, at random."""
    langs = list(group.targets)
    rng.shuffle(langs)
    for at in range(0, len(langs), TARGETS):
        yield Group(group.source, group.text, {lang: group.targets[lang] for lang in langs[at : at + TARGETS]}, group.forms)


def epoch(rows, seed, number):
    """The groups of one epoch, shuffled."""
    rng = random.Random(f"{seed}/{number}")
    groups = []
    for at, row in enumerate(rows):
        news = row["source"] in NEWS
        for source, (often, tico) in READS.items():
            if source in row and rng.random() < (often if news else tico):
                groups.append(group_of(row, source))
        if row["source"] == "ntrex-128":
            for source, share in PARAGRAPHS.items():
                following = rows[at : at + rng.choice((2, 2, 3))]
                if rng.random() < share and all(r["source"] == "ntrex-128" for r in following):
                    paragraph = group_of(join(following), source)
                    if len(paragraph.text) < 500:
                        groups.append(paragraph)
    groups = [one for group in groups for part in parts(group, rng) for one in with_forms(part, rng)]
    rng.shuffle(groups)
    return [swap_numbers(g, rng) if rng.random() < NUMBER_SWAPS else g for g in groups]


def stream(rows, seed, skip=0, warm=WARM_GROUPS):
    """All groups for ever, from the group numbered `skip` on; `warm` easy ones come first."""
    number, seen = 0, 0
    while True:
        groups = epoch(rows, seed, number)
        rng = random.Random(f"{seed}/warm")
        if number == 0:
            easy = [g for g in groups if g.source == "id" and "en" in g.targets][:warm]
            for at, group in enumerate(easy):
                others = sorted(set(group.targets) - {"en"})
                langs = {"en"} | ({rng.choice(others)} if others else set())
                easy[at] = Group("id", group.text, {lang: group.targets[lang] for lang in NAMES if lang in langs})
            groups = easy + groups
        if seen + len(groups) > skip:
            yield from groups[skip - seen if skip > seen else 0 :]
        seen, number = seen + len(groups), number + 1


def read_drafts(path, seed, rows):
    """The groups of `drafts.py`'s file whose drafts differ in reward, in an order of the seed. Their texts have the
    established forms that `read_forms` gave to `rows`, which is how they are asked."""
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    forms = {(source, target, row[source]): text
             for row in rows for (source, target), text in row.get("forms", {}).items()}
    groups = [Group(l["source"], forms.get((l["source"], l["target"], l["text"]), l["text"]),
                    {l["target"]: l["reference"]}, drafts=tuple(zip(l["drafts"], l["rewards"])))
              for l in lines if len(set(l["rewards"])) > 1]
    random.Random(seed).shuffle(groups)
    return groups


def with_drafts(groups, drafted, skip=0):
    """Two groups with drafts, then one of `groups`, for ever; `groups` has to begin after the first `skip // 3`."""
    number = skip
    while True:
        if number % 3 == 2:
            yield next(groups)
        else:
            yield drafted[(number - number // 3) % len(drafted)]
        number += 1


def prompt(tokenizer, source, text, target):
    """Token ids of the prompt after which the model answers in `target`, and of nothing else."""
    return [BOS] + tokenizer.encode(f"{NAMES[source]}: {text}\n{NAMES[target]}:")


@dataclass
class Branch:
    ids: list
    asked: int  # how many of them are still the prompt
    weight: float  # of an answer token in the loss
    reward: float | None = None  # of a draft; None for a reference


def tree(tokenizer, group: Group):
    """(prefix ids, branches: the references, then the drafts); None when over the window."""
    prefix = [BOS] + tokenizer.encode(f"{NAMES[group.source]}: {group.text}\n")
    answers = [(lang, text, TARGET_WEIGHT[lang], None) for lang, text in group.targets.items()]
    answers += [(lang, text, 0.0, reward) for lang in group.targets for text, reward in group.drafts]
    branches = []
    for lang, text, weight, reward in answers:
        name = tokenizer.encode(f"{NAMES[lang]}:")
        branch = name + tokenizer.encode(f" {text}\n")
        if len(prefix) + len(branch) <= WINDOW:
            branches.append(Branch(branch, len(name), weight, reward))
    return (prefix, branches) if branches else None


def pack(trees, index) -> Pack:
    """Trees as one `Pack`; `index` maps the base's token ids to the kept vocabulary."""
    ids, positions, masks, answers, targets, weights, drafts = [], [], [], [], [], [], []
    for prefix, branches in trees:
        size = len(prefix) + sum(len(branch.ids) for branch in branches)
        mask = torch.ones(size, size, dtype=torch.bool).tril()
        start, first = len(ids), len(prefix)
        ids += prefix
        positions += range(len(prefix))
        rewarded = []
        for branch in branches:
            length = len(branch.ids)
            mask[first : first + length, len(prefix) : first] = False
            positions += range(len(prefix), len(prefix) + length)
            if branch.reward is not None:
                rewarded.append((len(answers), len(answers) + length - branch.asked, branch.reward))
            for at in range(branch.asked, length):
                answers.append(start + first + at - 1)
                targets.append(branch.ids[at])
                weights.append(branch.weight)
            ids += branch.ids
            first += length
        if rewarded:
            drafts.append(rewarded)
        masks.append(torch.zeros(size, size).masked_fill_(~mask, float("-inf")))
    kept = lambda tokens: index[torch.tensor(tokens)]
    return Pack(kept(ids), torch.tensor(positions), masks, torch.tensor(answers), kept(targets), torch.tensor(weights),
                drafts)


def kept_tokens(tokenizer, rows):
    """The ids that occur in the rows, or in a prompt, or have to be there (control tokens, bytes), in order."""
    seen = {0, 1, 2, 3, NEWLINE}
    seen.update(tokenizer.pieces.index("<0x00>") + byte for byte in range(256))
    for digit in range(10):
        seen.update(tokenizer.encode(str(digit)))
    for row in rows:
        for lang, name in NAMES.items():
            if lang in row:
                seen.update(tokenizer.encode(f"{name}: {row[lang]}"))
    return closed(tokenizer, seen)


def closed(tokenizer, tokens):
    """The tokens and every piece through which their merges pass, in order: what a cut vocabulary has to keep to
    cut text as the full one does."""
    return sorted(set(tokens).union(*map(tokenizer.passed, tokens)))


def read_ranges(path):
    """Token ids from a file of lines `first-last` or `id`."""
    ids = []
    with open(path) as file:
        for line in file:
            first, _, last = line.strip().partition("-")
            ids += range(int(first), int(last or first) + 1)
    return ids


def write_ranges(path, ids):
    with open(path, "w") as file:
        start = previous = ids[0]
        for token in [*ids[1:], None]:
            if token != previous + 1 if token is not None else True:
                file.write(f"{start}-{previous}\n" if start != previous else f"{start}\n")
                start = token
            previous = token
