"""Writes `vocab-kept.txt`: the tokens that the shipped model keeps.

They are the tokens of the training text, of the most frequent words of the six languages (package `wordfreq`), of
single characters of their scripts, and every piece through which the merges of a kept piece pass, so that text made
of kept pieces is cut as the full vocabulary would cut it.
"""

import argparse
import unicodedata

import wordfreq

import data
from base import SPACE, Base

WORDS = 20_000
SCRIPTS = ("LATIN", "ARABIC", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "FULLWIDTH")


def forms(lang, word):
    """The word as a text writes it: within a sentence, and in front of one."""
    if lang in ("zh", "ja"):
        return (word,)
    return {f" {word}", f" {word.capitalize()}"}


def wanted(char: str) -> bool:
    """Whether a lone character is one of the six languages' letters, digits, signs or punctuation."""
    if char.isascii() or unicodedata.category(char) in ("Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sc"):
        return True
    return unicodedata.name(char, "").split(" ")[0] in SCRIPTS


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    tokenizer = Base(args.base).tokenizer()
    kept = set(data.kept_tokens(tokenizer, data.read_rows(args.data, "train")))
    for lang in data.NAMES:
        for word in wordfreq.top_n_list(lang, WORDS):
            for form in forms(lang, word):
                kept.update(tokenizer.encode(form))
    for token, piece in tokenizer.mergeable():
        char = piece.removeprefix(SPACE)
        if not char or len(char) == 1 and wanted(char):
            kept.add(token)
    kept = data.closed(tokenizer, kept)
    data.write_ranges(args.out, kept)
    print(f"{len(kept)} tokens")


if __name__ == "__main__":
    main()
