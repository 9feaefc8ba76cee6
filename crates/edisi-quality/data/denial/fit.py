"""Fits weights.tsv: how much speaks for a denial being lost, rather than said another way.

    python3 fit.py MULTIWAY_TSV FEATURES > weights.tsv

`MULTIWAY_TSV` has the columns `source split id en zh ja ar fr`; rows of FLORES-101 dev and NTREX-128 with split=train
are used. `FEATURES`
is the example `denial_features`, built with word tables that were learned without the rows of NTREX-128 (see
`data/clause/fit.py`). Needs numpy.

A denial that human translators answered with a denial, which is then taken out, is one that was lost; a denial that
they answered without any is one that was not. The limits, one of each for a language that denies and
the one that may not, are scores that so many of the translations exceed as they are: 0.12 % for a warning, 0.7 % for a
note. A pair alone has few of them, so that where its limit is below that of all pairs with the language that denies,
the middle of both is taken.
"""

import itertools
import subprocess
import sys

import numpy as np

LANGUAGES = ["id", "en", "zh", "ja", "ar", "fr"]
LIMITS = {"warn": 0.0012, "note": 0.007}
RIDGE = 1.0
SEEN = 5


def rows(path: str) -> list[str]:
    out = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            source, split, *texts = line.rstrip("\n").split("\t")
            if source in ("flores-dev", "ntrex-128") and split == "train":
                row = dict(zip(LANGUAGES, texts, strict=True))
                out += [f"{a}-{b}\t{row[a]}\t{row[b]}\n" for a, b in itertools.combinations(LANGUAGES, 2) if row[a] and row[b]]
    return out


def main() -> None:
    path, features = sys.argv[1:]
    texts = rows(path)
    done = subprocess.run([features], input="".join(texts), text=True, stdout=subprocess.PIPE, check=True)
    labels, given = [], []
    for line in done.stdout.splitlines():
        label, *cells = line.split("\t")
        labels.append(int(label))
        given.append({name: float(value) for name, value in (c.rsplit("=", 1) for c in cells)})
    seen: dict[str, int] = {}
    for row in given:
        for name in row:
            seen[name] = seen.get(name, 0) + 1
    names = [n for n in seen if seen[n] >= SEEN]
    at = {name: i for i, name in enumerate(names)}
    x, y = np.zeros((len(given), len(names) + 1)), np.array(labels)
    x[:, -1] = 1
    for i, row in enumerate(given):
        for name, value in row.items():
            if name in at:
                x[i, at[name]] = value
    ridge = RIDGE * np.r_[np.ones(len(names)), 0]
    w = np.zeros(len(names) + 1)
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        w -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), x.T @ (p - y) + ridge * w)
    scores = x @ w
    limits = {}
    pairs = [set(text.split("\t")[0].split("-")) for text in texts]
    for here, there in itertools.permutations(LANGUAGES, 2):
        denies = x[:, at[f"from {here}"]] == 1
        is_pair = denies & (x[:, at[f"to {there}"]] == 1)
        kept = [np.sort(scores[rows & (y == 0)])[::-1] for rows in (is_pair, denies)]
        counts = [sum({here, there} == p for p in pairs), sum(here in p for p in pairs)]
        for name, share in LIMITS.items():
            own, all_pairs = (np.interp(share * n, range(len(k)), k) for n, k in zip(counts, kept, strict=True))
            limit = max(own, (own + all_pairs) / 2)
            limits[f"{name} {here} {there}"] = limit
            found = (scores[is_pair & (y == 1)] > limit).mean()
            print(f"{name} {here} {there}: found={found:.3f}, kept={(kept[0] > limit).sum()} of {counts[0]}", file=sys.stderr)
    print("# name\tweight")
    for name, limit in limits.items():
        print(f"limit {name}\t{limit:.3f}")
    print(f"bias\t{w[-1]:.3f}")
    for name in names:
        print(f"{name}\t{w[at[name]]:.3f}")


if __name__ == "__main__":
    main()
