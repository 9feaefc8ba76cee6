"""Fits weights.tsv and limits.tsv: what a name looks like that a translation lost, learned from human translations in
which names were exchanged and left out.

    python3 fit.py MULTIWAY_TSV FOLDS FEATURES

`MULTIWAY_TSV` has the columns `source split id en zh ja ar fr`; FLORES-101 dev and NTREX-128 rows with split=train are
used, but for those with garbled letters. `FOLDS` has folders 0 to 4 of word tables, each learned without every fifth row from that one on:

    for k in 0 1 2 3 4; do train_lexicon MULTIWAY_TSV FOLDS/$k $k; done

so that the words of a row are judged with tables that have not seen it. `FEATURES` is the built example
`name_features`. Needs numpy.

Of the names of a translation one is left out or exchanged for one of another row. A name of the source whose
counterpart suffered, and a name that was put in, are examples of lost names; the names of the translations as they
are, of kept ones. The limits of a pair of languages are scores that some name exceeds in ALARMS of the translations as
they are; how that share is divided between the two sides is chosen so that most errors are found.
"""

import collections
import itertools
import pathlib
import random
import re
import subprocess
import sys

import numpy as np

HERE = pathlib.Path(__file__).parent
TEXT = HERE / "../../../edisi-text/data/names"
LANGUAGES = ["id", "en", "zh", "ja", "ar", "fr"]
LATIN = {"id", "en", "fr"}
ALARMS = 0.025
SURE = 0.008
RIDGE = 0.0002
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


def fit(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the last weight is the bias."""
    middle, spread = x.mean(0), x.std(0)
    spread[spread < 1e-6] = 1e9
    a = np.c_[(x - middle) / spread, np.ones(len(x))]
    ridge = RIDGE * w.sum() * np.r_[np.ones(x.shape[1]), 0]
    v = np.zeros(a.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(a @ v, -30, 30)))
        hess = (a * (w * p * (1 - p))[:, None]).T @ a + np.diag(ridge + 1e-6)
        v -= np.linalg.solve(hess, a.T @ (w * (p - y)) + ridge * v)
    plain_ = v[:-1] / spread
    return np.r_[plain_, v[-1] - plain_ @ middle]


def changed(was: np.ndarray | None, now: np.ndarray) -> bool:
    """Whether the best place for a name has gone: what fits, the known name, the strongest link."""
    if was is None:
        return False
    return was[0] - now[0] > 0.15 or was[1] > now[1] or was[14] - now[14] > 0.2


def collect(path: str, folds: str, features: str):
    rows = []
    with open(path, encoding="utf-8") as lines:
        for at, line in enumerate(lines):
            source, split, *texts = line.rstrip("\n").split("\t")
            if source in ("flores-dev", "ntrex-128") and split == "train" and all(texts) and "Ã" not in line:
                rows.append((at % 5, source, dict(zip(LANGUAGES, texts, strict=True))))
    planter = Planter([row for _, _, row in rows])
    rng = random.Random(20261128)
    # By pair and row: what was done, and for every name its group, place and numbers.
    out = []
    for fold in range(5):
        text, planted = [], {}
        for at, (own, _, row) in enumerate(rows):
            if own != fold:
                continue
            for a, b in itertools.permutations(LANGUAGES, 2):
                if a < b:
                    text.append(f"{a}-{b}\t{at}:clean\t{row[a]}\t{row[b]}\n")
                for kind in ("swap", "drop"):
                    made = planter.plant(row, at, a, b, kind == "swap", rng)
                    if made:
                        planted[f"{a}-{b}", f"{at}:{kind}"] = made[1:]
                        text.append(f"{a}-{b}\t{at}:{kind}\t{row[a]}\t{made[0]}\n")
        done = subprocess.run([features, f"{folds}/{fold}"], input="".join(text), text=True, stdout=subprocess.PIPE, check=True)
        found = collections.defaultdict(list)
        for line in done.stdout.splitlines():
            pair, key, group, side, start, end, *numbers = line.split("\t")
            found[pair, key].append((group, side, int(start), int(end), np.array(numbers, dtype=np.float32)))
        out.append((planted, found))
    return rows, out


def main() -> None:
    rows, parts = collect(*sys.argv[1:])
    x, y, w = (collections.defaultdict(list) for _ in range(3))
    cases = collections.defaultdict(lambda: {"clean": [], "swap": [], "drop": []})
    for planted, found in parts:
        for (pair, key), names in found.items():
            at, kind = key.split(":")
            a, b = pair.split("-")
            if kind == "clean":
                for group, *_, numbers in names:
                    x[group].append(numbers[1:])
                    y[group].append(0.0)
                    w[group].append(1.0)
                cases[tuple(sorted((a, b)))]["clean"].append((rows[int(at)][1], [(n[0], n[1], n[4]) for n in names]))
        for (pair, key), (start, end) in planted.items():
            at, kind = key.split(":")
            a, b = pair.split("-")
            first, second = sorted((a, b))
            clean = found.get((f"{first}-{second}", f"{at}:clean"), [])
            side = "s" if a == first else "t"
            was = {(n[2], n[3]): n[4] for n in clean if n[1] == side}
            names = found.get((pair, key), [])
            hit = []
            for group, where, from_, to, numbers in names:
                here = where == "s" and changed(was.get((from_, to)), numbers)
                there = where == "t" and from_ < end and start < to
                if here or there:
                    x[group].append(numbers[1:])
                    y[group].append(1.0)
                    w[group].append(1.0)
                    hit.append((group, where, numbers))
            cases[a, b][kind].append((rows[int(at)][1], hit))
    weights = {}
    for group in sorted(x):
        one, label, weight = np.array(x[group]), np.array(y[group]), np.array(w[group])
        if label.sum() < 30:
            continue
        weight[label == 1] *= 0.3 * (label == 0).sum() / label.sum()
        weights[group] = fit(one, label, weight)
        print(f"{group} kept={int((label == 0).sum())} lost={int(label.sum())}", file=sys.stderr)

    def score(group, numbers):
        v = weights.get(group)
        return -99.0 if v is None else float(numbers[1:] @ v[:-1] + v[-1])

    with open(HERE / "weights.tsv", "w", encoding="utf-8") as file:
        print("# letters of the name and language it is looked for in, bias, weights", file=file)
        for group, v in weights.items():
            print(group, f"{v[-1]:.4f}", *(f"{n:.4f}" for n in v[:-1]), sep="\t", file=file)
    limits = {}
    mean = collections.defaultdict(list)
    every = len(rows)
    for a, b in itertools.combinations(sorted(LANGUAGES), 2):
        def sides(pair, names):
            """The greatest score of a name of either language."""
            best = {a: -99.0, b: -99.0}
            for group, where, numbers in names:
                lang = pair[0] if where == "s" else pair[1]
                best[lang] = max(best[lang], score(group, numbers))
            return best[a], best[b]

        clean = cases[a, b]["clean"]
        top = np.array([sides((a, b), names) for _, names in clean])
        hits = {}
        for pair in ((a, b), (b, a)):
            for kind in ("swap", "drop"):
                for source in ("flores-dev", "ntrex-128"):
                    hits[pair, kind, source] = np.array([sides(pair, hit) for s, hit in cases[pair][kind] if s == source] or [(-99.0, -99.0)])

        def limit(share):
            """Limits for both languages with the most found among those with so many alarms."""
            found = (-1.0,)
            for part in np.linspace(0, 1, 21):
                first = np.quantile(top[:, 0], 1 - share * part)
                rest = share * every - (top[:, 0] > first).sum()
                others = np.sort(np.where(top[:, 0] > first, -99.0, top[:, 1]))[::-1]
                second = others[max(0, min(len(others) - 1, int(rest)))]
                mean_found = np.mean([((h[:, 0] > first) | (h[:, 1] > second)).mean() for h in hits.values()])
                found = max(found, (mean_found, first, second))
            return found[1:]

        lost, sure = limit(ALARMS), limit(SURE)
        limits[a, b] = lost[0], max(sure[0], lost[0] + 0.01)
        limits[b, a] = lost[1], max(sure[1], lost[1] + 0.01)
        alarm = (top[:, 0] > lost[0]) | (top[:, 1] > lost[1])
        share = collections.Counter()
        for (source, _), bad in zip(clean, alarm):
            share[source[:2]] += int(bad)
        for pair in ((a, b), (b, a)):
            shown = []
            for kind in ("swap", "drop"):
                for source in ("flores-dev", "ntrex-128"):
                    h = hits[pair, kind, source]
                    value = ((h[:, 0] > lost[0]) | (h[:, 1] > lost[1])).mean()
                    mean[kind, source].append(value)
                    shown.append(f"{kind}/{source[:2]}={value:.3f}")
            print(*pair, *shown, f"limits={lost[0]:.2f},{lost[1]:.2f}", dict(share), file=sys.stderr)
    print("mean", {k: round(float(np.mean(v)), 3) for k, v in mean.items()}, file=sys.stderr)
    with open(HERE / "limits.tsv", "w", encoding="utf-8") as file:
        print("# language of the name, language it is looked for in, score above which it counts as lost, as surely lost", file=file)
        for (a, b), (lost, sure) in sorted(limits.items()):
            print(a, b, f"{lost:.4f}", f"{sure:.4f}", sep="\t", file=file)


if __name__ == "__main__":
    main()
