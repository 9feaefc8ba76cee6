"""Learns LANG.tsv: what stands beside a place out of which a name was taken, and what beside other places.

    python3 learn.py MULTIWAY_TSV LINKS NAME_FEATURES GAP_FEATURES [OUT [LEAVE_OUT]]

`MULTIWAY_TSV` has the columns `source split id en zh ja ar fr`; rows with split=dev are not used, nor those with
garbled letters. `LINKS` is the folder of word tables, `data/lexicon`. The last two are the built examples
`name_features` and `gap_features`: names are taken out that the checks find in two languages, one at a time. With
`LEAVE_OUT` every fifth row from that one on is not used; the files go into `OUT`, or beside this script.
Needs numpy, scipy and scikit-learn.
"""

import collections
import pathlib
import random
import subprocess
import sys

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

LANGUAGES = ["id", "en", "zh", "ja", "ar", "fr"]
# Names taken out of a text at most, rows a feature must be seen in, the least weight that is kept.
MOST = 6
SEEN = 5
LEAST = 0.15
# How well a name must fit what it is found as.
FIT = 0.6


def run(program: str, *arguments: str, text: str) -> list[str]:
    done = subprocess.run([program, *arguments], input=text, text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout.splitlines()


def names(rows: dict[int, dict[str, str]], links: str, program: str) -> dict[tuple[str, int], list[tuple[int, int]]]:
    """Bytes of the names of each text that one of its translations has too."""
    lines = []
    for at, row in rows.items():
        for first in ("id", "en"):
            for second in LANGUAGES:
                if first != second and (first, second) != ("en", "id") and row[first] and row[second]:
                    lines.append(f"{first}-{second}\t{at}\t{row[first]}\t{row[second]}\n")
    found = collections.defaultdict(set)
    for line in run(program, links, text="".join(lines)):
        pair, at, _, side, start, end, fit, *_ = line.split("\t")
        if float(fit) >= FIT:
            found[pair.split("-")[side == "t"], int(at)].add((int(start), int(end)))
    return {key: sorted(spans) for key, spans in found.items()}


def without(text: str, start: int, end: int) -> tuple[str, int]:
    """The text without some bytes, and where they were."""
    raw = text.encode()
    head, tail = raw[:start].decode(), raw[end:].decode()
    if not head or head.endswith(" "):
        tail = tail.lstrip(" ")
    return head + tail, len((head + tail[: len(tail) - len(tail.lstrip())]).encode())


def learn(lang: str, rows: dict[int, dict[str, str]], taken: dict, program: str, out: pathlib.Path) -> None:
    lines = []
    for at, row in rows.items():
        text = row[lang]
        if not text:
            continue
        lines.append(f"{lang}\t0\t\t{text}\n")
        spans = taken.get((lang, at), [])
        for start, end in random.Random(at).sample(spans, min(MOST, len(spans))):
            damaged, place = without(text, start, end)
            lines.append(f"{lang}\t1\t{place}\t{damaged}\n")
    label, seen = [], []
    for line in run(program, text="".join(lines)):
        kind, *features = line.split("\t")
        label.append(int(kind))
        seen.append(features)
    count = collections.Counter(f for features in seen for f in features)
    kept = {f: at for at, f in enumerate(sorted(f for f, n in count.items() if n >= SEEN))}
    starts = np.cumsum([0] + [sum(f in kept for f in features) for features in seen])
    columns = np.array([kept[f] for features in seen for f in features if f in kept], dtype=np.int32)
    x = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=(len(seen), len(kept)))
    y = np.array(label)
    model = LogisticRegression(C=0.3, solver="liblinear").fit(x, y)
    weights = [(f, model.coef_[0][at]) for f, at in kept.items()]
    written = [f"{f}\t{round(100 * w)}" for f, w in weights if abs(w) >= LEAST]
    print(lang, f"whole={(y == 0).sum()} gone={y.sum()} kept={len(written)}", file=sys.stderr)
    head = ["# feature (see `FEATURES` in src/gaps.rs), hundredths of a nat", f"=\t{round(100 * model.intercept_[0])}"]
    (out / f"{lang}.tsv").write_text("\n".join([*head, *written]) + "\n", encoding="utf-8")


def main() -> None:
    path, links, name_features, gap_features, *rest = sys.argv[1:]
    out = pathlib.Path(rest[0]) if rest else pathlib.Path(__file__).parent
    out.mkdir(parents=True, exist_ok=True)
    rows = {}
    with open(path, encoding="utf-8") as lines:
        for at, line in enumerate(lines):
            _, split, *texts = line.rstrip("\n").split("\t")
            left_out = len(rest) > 1 and at % 5 == int(rest[1])
            if split == "train" and "Ã" not in line and not left_out:
                rows[at] = dict(zip(LANGUAGES, texts, strict=True))
    taken = names(rows, links, name_features)
    for lang in LANGUAGES:
        learn(lang, rows, taken, gap_features, out)


if __name__ == "__main__":
    main()
