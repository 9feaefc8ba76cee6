"""Learns LANG.tsv: which frequent words and marks do not stand side by side where a sentence is whole.

    python3 learn.py MULTIWAY_TSV

`MULTIWAY_TSV` has the columns `source split id en zh ja ar fr`; rows with split=dev are not used. A line is two
words or marks (in Chinese and Japanese, characters; `^` and `$` are the ends of the text, `0` is a number) and how
surprising it is to find the second right behind the first: ten times the log of how often that would happen by
chance against how often it does.
"""

import collections
import math
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).parent
LANGUAGES = ["id", "en", "zh", "ja", "ar", "fr"]
FREQUENT = {"zh": 250, "ja": 250}
LEAST = 25


def tokens(text: str, lang: str) -> list[str]:
    """As `src/checks/names/gap.rs` cuts them."""
    out = ["^"]
    text = unicodedata.normalize("NFC", text).strip().lower().replace("’", "'")
    word = r"[^\W\d_]" if lang in ("zh", "ja") else r"[^\W\d_]+(?:'[^\W\d_]+)*'?"
    for match in re.finditer(rf"\d[\d.,]*|{word}|[^\w\s]", text):
        token = match.group()
        out.append("0" if token[0].isdigit() else token)
    return [*out, "$"]


def main() -> None:
    texts = collections.defaultdict(list)
    with open(sys.argv[1], encoding="utf-8") as lines:
        for line in lines:
            source, split, *cells = line.rstrip("\n").split("\t")
            if split == "train":
                for lang, cell in zip(LANGUAGES, cells, strict=True):
                    if cell:
                        texts[lang].append(cell)
    for lang in LANGUAGES:
        one, left, right, two = (collections.Counter() for _ in range(4))
        for text in texts[lang]:
            found = tokens(text, lang)
            one.update(found)
            left.update(found[:-1])
            right.update(found[1:])
            two.update(zip(found, found[1:]))
        total = sum(two.values())
        frequent = [t for t, _ in one.most_common(FREQUENT.get(lang, 150))]
        rows = []
        for a in sorted(frequent):
            for b in sorted(frequent):
                chance = left[a] * right[b] / total
                surprise = round(10 * math.log((chance + 0.5) / (two[a, b] + 0.5)))
                if surprise >= LEAST:
                    rows.append(f"{a}\t{b}\t{surprise}")
        print(lang, total, len(rows), file=sys.stderr)
        (HERE / f"{lang}.tsv").write_text("\n".join(["# first, second, ten times how surprising", *rows]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
