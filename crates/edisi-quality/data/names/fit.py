"""Fits trees.tsv and limits.tsv: what a name looks like that a translation lost, learned from human translations in
which names were exchanged and left out.

    python3 fit.py MULTIWAY_TSV FOLDS GAPS FEATURES

`MULTIWAY_TSV` has the columns `source split id en zh ja ar fr`; FLORES-101 dev and NTREX-128 rows with split=train are
used, but for those with garbled letters. `FOLDS` has folders 0 to 4 of word tables, each learned without every fifth row from that one on:

    for k in 0 1 2 3 4; do train_lexicon MULTIWAY_TSV FOLDS/$k $k; done

so that the words of a row are judged with tables that have not seen it; `GAPS` has folders of gap weights, learned
likewise by `data/gaps/learn.py`. `FEATURES` is the built example
`name_features`. Needs numpy and lightgbm.

Of the names of a translation one is left out or exchanged for one of another row. A name of the source whose
counterpart suffered, and a name that was put in, are examples of lost names; the names of the translations as they
are, of kept ones. A place that a name was taken from is an example of a gap that a lost name
left, the surest gaps of whole texts are none. Boosted trees tell them apart, one forest for each group of languages. The limits of a pair of languages are scores that some name exceeds in ALARMS of the translations as
they are; how that share is divided between the two sides is chosen so that most errors are found. They are set by scores from trees that have not seen the row.
"""

import collections
import dataclasses
import itertools
import pathlib
import random
import re
import subprocess
import sys

import lightgbm
import numpy as np

HERE = pathlib.Path(__file__).parent
TEXT = HERE / "../../../edisi-text/data/names"
LANGUAGES = ["id", "en", "zh", "ja", "ar", "fr"]
LATIN = {"id", "en", "fr"}
ALARMS = 0.045
SHARES = np.arange(0.037, 0.0551, 0.003)
SURE = 0.008
TREES = 120
# What is taken off the log odds of a gap; the best of 0, 0.7, 1.4, 2.1 and 2.8.
GAP = 1.4
# What is done to the names of a translation, each to one of its names: the more, the more examples.
KINDS = ("swap", "drop", "swap+", "drop+")
FOLDS = 5
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
KANA = re.compile("[ァ-ヺー]{2,}(?:・[ァ-ヺー]{2,})+")


def forms() -> list[dict[str, list[str]]]:
    """Known names by language."""
    out = []
    for file in ("known.tsv", "places.tsv"):
        for line in (TEXT / file).read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if cells[0] not in ("country", "city", "person", "org", "region", "province"):
                continue
            row = {}
            for lang, cell in zip(["en", "id", "fr", "zh", "ja", "ar"], cells[1:7]):
                row[lang] = [f for f in cell.split("|") if f and f[0] != "~" and f[-1] != "*" and len(f) > 1]
            for lang in ("id", "fr"):
                row[lang] = row[lang] or row["en"]
            out.append(row)
    return out


def ordinary(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    """Words that are also written small."""
    out = {}
    for lang in LATIN:
        listed = (TEXT / f"words-{lang}.txt").read_text(encoding="utf-8").split()
        out[lang] = {w for row in rows for w in WORD.findall(row[lang]) if w.islower()} | set(listed)
    return out


def plain() -> set[str]:
    lines = (TEXT / "plain.txt").read_text(encoding="utf-8").splitlines()
    return {w for line in lines if not line.startswith("#") for w in line.split()}


def stands_alone(text: str, start: int, end: int, lang: str) -> bool:
    if lang in ("zh", "ja"):
        kana = re.compile("[ァ-ヺー]")
        ends = (text[start : start + 1], text[start - 1 : start]), (text[end - 1 : end], text[end : end + 1])
        return not any(kana.match(a) and b and kana.match(b) for a, b in ends)
    before, after = text[:start][-1:], text[end : end + 1]
    return not (before.isalpha() or after.isalpha())


class Planter:
    """Makes the errors."""

    def __init__(self, rows: list[dict[str, str]]):
        self.forms = forms()
        self.plain = plain()
        self.ordinary = ordinary(rows)
        self.pool = {}
        self.spans = {}
        for lang in LANGUAGES:
            self.spans[lang] = [self.names(row, lang) for row in rows]
            self.pool[lang] = [row[lang][a:b] for row, found in zip(rows, self.spans[lang]) for a, b in found]

    def names(self, row: dict[str, str], lang: str) -> list[tuple[int, int]]:
        text = row[lang]
        out = []
        if lang in LATIN:
            last = None
            for match in WORD.finditer(text):
                a, b = match.span()
                word, head = match.group(), text[:a].rstrip(" ")
                opens = not head or head[-1] in ".!?:\"“«(-–—‘'’"
                if not word[0].isupper() or not any(c.islower() for c in word) or len(word) < 4 or opens:
                    continue
                if word.lower() in self.plain or word.lower() in self.ordinary[lang]:
                    continue
                if last and text[last[1] : a] == " ":
                    out.pop()
                    a = last[0]
                last = (a, b)
                out.append(last)
            return out
        for known in self.forms:
            if not any(f in row[l] for l in ("en", "id", "fr") for f in known[l]):
                continue
            for form in known[lang]:
                at = text.find(form)
                if at >= 0 and text.count(form) == 1 and stands_alone(text, at, at + len(form), lang):
                    out.append((at, at + len(form)))
        if lang == "ja":
            out.extend(m.span() for m in KANA.finditer(text))
        for match in re.finditer("[A-Z][a-z]{3,}", text):
            if match.group() in row["en"]:
                out.append(match.span())
        out.sort(key=lambda s: (s[0], -s[1]))
        kept = []
        for a, b in out:
            if not kept or kept[-1][1] <= a:
                kept.append((a, b))
        return kept

    def plant(self, row: dict[str, str], at: int, source: str, lang: str, swap: bool, rng: random.Random):
        """The damaged text and the bytes that were put in."""
        text = row[lang]
        spans = [s for s in self.spans[lang][at] if text.count(text[s[0] : s[1]]) == 1]
        # Between languages in one script, a name is what both write alike.
        if lang in LATIN and source in LATIN:
            spans = [s for s in spans if all(w in row[source] for w in text[s[0] : s[1]].split())]
        if not spans:
            return None
        a, b = rng.choice(spans)
        new = ""
        if swap:
            ascii_name = text[a:b].isascii()
            for _ in range(50):
                new = rng.choice(self.pool[lang])
                words = new.split()
                if new.isascii() == ascii_name and not any(w in t for w in words for t in row.values()):
                    break
            else:
                return None
        head, tail = text[:a], text[b:]
        if not swap and head.endswith(" "):
            tail = tail.lstrip(" ")
        damaged = head + new + tail
        if "\t" in damaged:
            return None
        start = len(head.encode())
        return damaged, start, start + len(new.encode())


def fit(x: np.ndarray, y: np.ndarray) -> lightgbm.Booster:
    """Gradient-boosted trees whose raw scores are log odds, were three in thirteen names lost."""
    weight = np.where(y == 1, 0.3 * (y == 0).sum() / max(1, (y == 1).sum()), 1.0)
    options = {
        "objective": "binary", "learning_rate": 0.07, "num_leaves": 13, "min_data_in_leaf": 20, "lambda_l2": 5.0,
        "bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.5, "seed": 1, "deterministic": True,
        "verbose": -1,
    }
    return lightgbm.train(options, lightgbm.Dataset(x, y, weight=weight), TREES)


def written(node: dict) -> list[str]:
    """A tree in preorder: `feature<=limit` before what is left and right of it, the value of a leaf."""
    if "leaf_value" in node:
        return [f"{node['leaf_value']:.4f}"]
    here = f"{node['split_feature']}<={node['threshold']:.4f}"
    return [here, *written(node["left_child"]), *written(node["right_child"])]


def changed(was: np.ndarray | None, now: np.ndarray) -> bool:
    """Whether the best place for a name has gone: what fits, the known name, the strongest link."""
    if was is None:
        return False
    return was[0] - now[0] > 0.15 or was[1] > now[1] or was[14] - now[14] > 0.2


def collect(path: str, folds: str, gaps: str, features: str):
    rows = []
    with open(path, encoding="utf-8") as lines:
        for at, line in enumerate(lines):
            source, split, *texts = line.rstrip("\n").split("\t")
            if source in ("flores-dev", "ntrex-128") and split == "train" and all(texts) and "Ã" not in line:
                rows.append((at % FOLDS, source, dict(zip(LANGUAGES, texts, strict=True))))
    planter = Planter([row for _, _, row in rows])
    rng = random.Random(20261128)
    # By pair and row: what was done, and for every name its group, place and numbers.
    out = []
    for fold in range(FOLDS):
        text, planted = [], {}
        for at, (own, _, row) in enumerate(rows):
            if own != fold:
                continue
            for a, b in itertools.permutations(LANGUAGES, 2):
                if a < b:
                    text.append(f"{a}-{b}\t{at}:clean\t{row[a]}\t{row[b]}\n")
                for kind in KINDS:
                    made = planter.plant(row, at, a, b, kind.startswith("swap"), rng)
                    if made:
                        planted[f"{a}-{b}", f"{at}:{kind}"] = made[1:]
                        text.append(f"{a}-{b}\t{at}:{kind}\t{row[a]}\t{made[0]}\n")
        command = [features, f"{folds}/{fold}", f"{gaps}/{fold}"]
        done = subprocess.run(command, input="".join(text), text=True, stdout=subprocess.PIPE, check=True)
        found = collections.defaultdict(list)
        for line in done.stdout.splitlines():
            pair, key, group, side, start, end, *numbers = line.split("\t")
            found[pair, key].append((group, side, int(start), int(end), np.array(numbers, dtype=np.float32)))
        out.append((planted, found))
    return rows, out


def above(scores: np.ndarray, first: float, second: float) -> np.ndarray:
    """Which rows have a name above the limit of its language."""
    return (scores[:, 0] > first) | (scores[:, 1] > second)


@dataclasses.dataclass
class Pair:
    """What two languages' translations score: the greatest score of a name of either language, a row each. The clean ones
    stand twice, as translations into either."""

    corpora: list[str]  # of the clean translations
    clean: np.ndarray
    hits: dict[tuple, np.ndarray]  # by direction, kind of error and corpus
    rows: int  # clean translations, those without names included

    def limits(self, share: float) -> tuple[float, float, float]:
        """Limits for both languages with the most errors found among those with so many alarms; the share found."""
        best = (-1.0, 0.0, 0.0)
        for part in np.linspace(0, 1, 21):
            first = np.quantile(self.clean[:, 0], 1 - share * part)
            rest = share * self.rows - (self.clean[:, 0] > first).sum()
            others = np.sort(np.where(self.clean[:, 0] > first, -99.0, self.clean[:, 1]))[::-1]
            second = others[max(0, min(len(others) - 1, int(rest)))]
            found = np.mean([above(h, first, second).mean() for h in self.hits.values()])
            best = max(best, (float(found), float(first), float(second)))
        return best


def divided(pairs: dict[tuple, Pair]) -> dict[tuple, float]:
    """The share of alarms of each pair: one alarm more finds about as many errors more in each of them, and the mean is
    ALARMS."""
    curves = {name: [pair.limits(share)[0] for share in SHARES] for name, pair in pairs.items()}

    def at(price: float) -> dict[tuple, float]:
        return {name: SHARES[int(np.argmax(curve - price * SHARES))] for name, curve in curves.items()}

    low, high = 0.0, 100.0
    for _ in range(40):
        price = (low + high) / 2
        low, high = (price, high) if np.mean(list(at(price).values())) > ALARMS else (low, price)
    return at(high)


def main() -> None:
    rows, parts = collect(*sys.argv[1:])
    # By group: numbers, whether lost, and which fold, of every name; the names of a case are numbers of these.
    x, y, folds = (collections.defaultdict(list) for _ in range(3))

    def add(group: str, numbers: np.ndarray, lost: float, fold: int) -> int:
        x[group].append(numbers[1:])
        y[group].append(lost)
        folds[group].append(fold)
        return len(y[group]) - 1

    cases = collections.defaultdict(lambda: {"clean": [], "swap": [], "drop": []})
    for fold, (planted, found) in enumerate(parts):
        for (pair, key), names in found.items():
            at, kind = key.split(":")
            if kind == "clean":
                seen = [(group, side, add(group, numbers, 0.0, fold)) for group, side, _, _, numbers in names]
                cases[tuple(pair.split("-"))]["clean"].append((rows[int(at)][1], seen))
        for (pair, key), (start, end) in planted.items():
            at, kind = key.split(":")
            a, b = pair.split("-")
            first, second = sorted((a, b))
            clean = found.get((f"{first}-{second}", f"{at}:clean"), [])
            side = "s" if a == first else "t"
            was = {(n[2], n[3]): n[4] for n in clean if n[1] == side}
            hit = []
            for group, where, from_, to, numbers in found.get((pair, key), []):
                here = where == "s" and changed(was.get((from_, to)), numbers)
                there = where == "t" and from_ < end and start < to
                if group.startswith("gap-"):
                    # The name is one of the source, the place one of the translation.
                    here, there = where == "s" and kind.startswith("drop") and abs(from_ - start) < 3, False
                if here or there:
                    hit.append((group, where, add(group, numbers, 1.0, fold)))
            cases[a, b][kind.rstrip("+")].append((rows[int(at)][1], hit))
    scores = {}
    with open(HERE / "trees.tsv", "w", encoding="utf-8") as file:
        print("# letters of the name and language it is looked for in, then its trees, in preorder", file=file)
        for group in sorted(x):
            one, label, fold = np.array(x[group]), np.array(y[group]), np.array(folds[group])
            if label.sum() < 30:
                continue
            print(f"{group} kept={int((label == 0).sum())} lost={int(label.sum())}", file=sys.stderr)
            out = scores[group] = np.zeros(len(label))
            for k in range(FOLDS):
                out[fold == k] = fit(one[fold != k], label[fold != k]).predict(one[fold == k], raw_score=True)
            print(group, file=file)
            for tree in fit(one, label).dump_model()["tree_info"]:
                print("", *written(tree["tree_structure"]), sep="\t", file=file)
            if group.startswith("gap-"):
                print("", -GAP, sep="\t", file=file)
                out -= GAP

    def score(group: str, name: int) -> float:
        return float(scores[group][name]) if group in scores else -99.0

    pairs = {}
    for a, b in itertools.combinations(sorted(LANGUAGES), 2):
        def sides(pair, names, source):
            """The greatest score of a name of either language, and of a gap that a name of the source left."""
            best = {a: -99.0, b: -99.0}
            for group, where, name in names:
                lang = pair[0] if where == "s" else pair[1]
                if lang == source or not group.startswith("gap-"):
                    best[lang] = max(best[lang], score(group, name))
            return best[a], best[b]

        clean = cases[a, b]["clean"]
        hits = {}
        for pair, kind, corpus in itertools.product(((a, b), (b, a)), ("swap", "drop"), ("flores-dev", "ntrex-128")):
            found = [sides(pair, hit, pair[0]) for source, hit in cases[pair][kind] if source == corpus]
            hits[pair, kind, corpus] = np.array(found or [(-99.0, -99.0)])
        tops = np.array([sides((a, b), names, source) for source in (a, b) for _, names in clean])
        pairs[a, b] = Pair([corpus for _ in (a, b) for corpus, _ in clean], tops, hits, 2 * len(rows))
    limits = {}
    mean = collections.defaultdict(list)
    for (a, b), share in divided(pairs).items():
        pair = pairs[a, b]
        lost, sure = pair.limits(share)[1:], pair.limits(SURE)[1:]
        limits[a, b] = lost[0], max(sure[0], lost[0] + 0.01)
        limits[b, a] = lost[1], max(sure[1], lost[1] + 0.01)
        alarms = collections.Counter(c for c, bad in zip(pair.corpora, above(pair.clean, *lost)) if bad)
        for corpus, count in collections.Counter(pair.corpora).items():
            mean["alarms", corpus].append(alarms[corpus] / count)
        shown = []
        for (languages, kind, corpus), scores_ in pair.hits.items():
            value = above(scores_, *lost).mean()
            mean[kind, corpus].append(value)
            shown.append(f"{'-'.join(languages)}/{kind}/{corpus[:2]}={value:.3f}")
        print(*shown, f"limits={lost[0]:.2f},{lost[1]:.2f}", f"share={share:.3f}", dict(alarms), file=sys.stderr)
    print("mean", {k: round(float(np.mean(v)), 3) for k, v in mean.items()}, file=sys.stderr)
    with open(HERE / "limits.tsv", "w", encoding="utf-8") as file:
        print("# language of the name, language it is looked for in, score above which it counts as lost, as surely lost", file=file)
        for (a, b), (lost, sure) in sorted(limits.items()):
            print(a, b, f"{lost:.4f}", f"{sure:.4f}", sep="\t", file=file)


if __name__ == "__main__":
    main()
