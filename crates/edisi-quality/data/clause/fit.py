"""Fits weights.tsv: what a missing clause looks like, per language pair, learned from damaged human translations.

    python3 fit.py MULTIWAY_TSV FOLDS FEATURES > weights.tsv

`MULTIWAY_TSV` has the columns `source split id en zh ja ar fr`; FLORES-101 dev and NTREX-128 rows with split=train are
used. `FOLDS` has folders 0 to 4 of word tables, each learned without every fifth row from that one on:

    for k in 0 1 2 3 4; do train_lexicon MULTIWAY_TSV FOLDS/$k $k; done

so that the words of a row are judged with tables that have not seen it. `FEATURES` is the built example
`clause_features`. Needs numpy.

From each row and pair come the translation as it is and with a third to two thirds taken out: at commas where there
are any, anywhere else where there are none. The limits are scores that so many translations as they are exceed: 2.5 %
for a missing clause, 0.4 % for a sure one, 0.6 % for an added one.
"""

import itertools
import random
import re
import subprocess
import sys

import numpy as np

LANGUAGES = ["id", "en", "zh", "ja", "ar", "fr"]
MARKS = ",，、،;；:：—–"
CLAUSES = re.compile(f"[^{MARKS}]*[{MARKS}]+|[^{MARKS}]+$")
LIMITS = [0.025, 0.004, 0.006]
RIDGE = 0.01


def length(text: str) -> int:
    return sum(not c.isspace() for c in text)


def shorten(text: str, lang: str, rng: random.Random) -> str:
    dense = lang in ("zh", "ja")
    parts = CLAUSES.findall(text)
    if "".join(parts) != text:
        parts = [text]
    whole = length(text)
    spans = itertools.combinations(range(len(parts) + 1), 2)
    spans = [s for s in spans if 1 / 3 <= length("".join(parts[slice(*s)])) / whole <= 0.67]
    if spans:
        start, end = rng.choice(spans)
        rest = "".join(parts[:start] + parts[end:]).strip()
        if end == len(parts):
            rest = rest.rstrip(MARKS + " ") + ("。" if dense else ".")
        return rest
    units = list(text) if dense else text.split(" ")
    count = max(1, round(len(units) * rng.uniform(0.34, 0.5)))
    start = rng.randrange(len(units) - count + 1)
    return ("" if dense else " ").join(units[:start] + units[start + count :])


def examples(path: str, fold: int, rng: random.Random) -> list[str]:
    out = []
    with open(path, encoding="utf-8") as lines:
        for at, line in enumerate(lines):
            source, split, *texts = line.rstrip("\n").split("\t")
            if source not in ("flores-dev", "ntrex-128") or split != "train" or at % 5 != fold:
                continue
            row = dict(zip(LANGUAGES, texts, strict=True))
            for a, b in itertools.permutations(LANGUAGES, 2):
                if row[a] and row[b]:
                    out.append(f"{a}-{b}\t0\t{row[a]}\t{row[b]}\n")
                    out.append(f"{a}-{b}\t1\t{row[a]}\t{shorten(row[b], b, rng)}\n")
    return out


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Ridge logistic regression by Newton's method; the last weight is the bias."""
    middle, spread = x.mean(0), x.std(0) + 1e-9
    a = np.c_[(x - middle) / spread, np.ones(len(x))]
    ridge = RIDGE * len(y) * np.r_[np.ones(x.shape[1]), 0]
    w = np.zeros(a.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-a @ w))
        w -= np.linalg.solve((a * (p * (1 - p))[:, None]).T @ a + np.diag(ridge), a.T @ (p - y) + ridge * w)
    plain = w[:-1] / spread
    return np.r_[plain, w[-1] - plain @ middle]


def main() -> None:
    path, folds, features = sys.argv[1:]
    rng = random.Random(20261122)
    rows: dict[str, list[list[float]]] = {}
    for fold in range(5):
        text = "".join(examples(path, fold, rng))
        done = subprocess.run([features, f"{folds}/{fold}"], input=text, text=True, stdout=subprocess.PIPE, check=True)
        for line in done.stdout.splitlines():
            pair, *numbers = line.split("\t")
            rows.setdefault(pair, []).append([float(n) for n in numbers])
    print("# source\ttarget\tbias\tmissing\tsure\tadded\tweights")
    for a, b in itertools.permutations(LANGUAGES, 2):
        data = np.array(rows[f"{a}-{b}"])
        y, x = data[:, 0], data[:, 1:]
        w = fit(x, y)
        scores = np.c_[x, np.ones(len(x))] @ w
        limits = [np.quantile(scores[y == 0], 1 - share) for share in LIMITS]
        found = [(scores[y == 1] > limit).mean() for limit in limits]
        print(f"{a}-{b} found={found[0]:.3f} surely={found[1]:.3f}", file=sys.stderr)
        print(a, b, *(f"{n:.4f}" for n in [w[-1], *limits, *w[:-1]]), sep="\t")


if __name__ == "__main__":
    main()
