"""Writes pairs.tsv: how long translations are, per language pair, from human translations.

    python3 make.py FLORES_PREFIX > pairs.tsv      (files FLORES_PREFIX.id, .en, … with aligned lines)

Length is counted in characters without white space. The ratio is the median of target over source, the spread the
standard deviation of its natural logarithm. Made from the 997 sentences of FLORES-101 dev (CC BY-SA 4.0); no text
of it is kept.
"""

import itertools
import math
import statistics
import sys

LANGUAGES = ["id", "en", "zh", "ja", "ar", "fr", "pt"]


def lengths(path: str) -> list[int]:
    with open(path, encoding="utf-8") as lines:
        return [sum(not c.isspace() for c in line) for line in lines]


def main() -> None:
    texts = {lang: lengths(f"{sys.argv[1]}.{lang}") for lang in LANGUAGES}
    print("# source\ttarget\tratio\tspread")
    for source, target in itertools.permutations(LANGUAGES, 2):
        logs = [math.log(t / s) for s, t in zip(texts[source], texts[target], strict=True)]
        middle = statistics.median(logs)
        print(f"{source}\t{target}\t{math.exp(middle):.3f}\t{statistics.pstdev(logs, middle):.3f}")


if __name__ == "__main__":
    main()
