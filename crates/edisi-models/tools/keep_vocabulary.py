"""Chooses which tokens of a GGUF model's vocabulary an adapted model keeps; prints `vocab-kept.txt`.

    pip install gguf==0.19.0
    python keep_vocabulary.py --rank 20000 model.gguf text… > vocab-kept.txt

Kept are
- every token that occurs when the texts (plain or TSV) are tokenised, and every shorter token from which those
  are merged on the way: with them, cutting the vocabulary does not change how these texts are tokenised;
- every token of one character in the scripts of Edisi's languages, so that few texts need byte tokens;
- tokens wholly in these scripts among the --rank most frequent (the vocabulary's scores are ranks);
- control tokens a translation can meet: <bos>, <eos>, <pad>, <unk>, line breaks.
Byte tokens are kept by the import itself.

The tokeniser is SentencePiece's BPE as llama.cpp runs it: the neighbouring pair that makes the best-scored token
is merged first, the leftmost of equals.
"""

import argparse
import heapq
import re
import unicodedata

from gguf import GGUFReader

NORMAL, CONTROL, USER_DEFINED = 1, 3, 4
CONTROLS = {"<bos>", "<eos>", "<pad>", "<unk>"}
SCRIPTS = ("LATIN", "CJK UNIFIED", "HIRAGANA", "KATAKANA", "ARABIC")
SPACE = "\u2581"


def in_scripts(text):
    """Whether every character is of a kept script, or of none: digits, punctuation, symbols, combining marks."""

    def fits(char):
        category = unicodedata.category(char)
        if category[0] in "NPSZ" or char == "ー":
            # Digits and signs of other scripts carry their script's name; those of no script do not.
            name = unicodedata.name(char, "")
            return category[0] != "N" or char.isascii() or name.startswith(("ARABIC", "FULLWIDTH", "SUPERSCRIPT"))
        return unicodedata.name(char, "").startswith(SCRIPTS) or (category == "Mn" and ord(char) < 0x370)

    return all(fits(char) for char in text)


def merge(text, ids, scores, seen):
    """Tokenises a piece of text; adds every token made on the way to `seen`."""
    parts = list(text)
    following = list(range(1, len(parts))) + [-1]
    previous = list(range(-1, len(parts) - 1))
    heap = []

    def offer(left):
        right = following[left] if left >= 0 else -1
        if right >= 0:
            token = ids.get(parts[left] + parts[right])
            if token is not None:
                heapq.heappush(heap, (-scores[token], left, right, len(parts[left]), len(parts[right]), token))

    for left, char in enumerate(parts):
        if char in ids:
            seen.add(ids[char])
        offer(left)
    while heap:
        _, left, right, left_len, right_len, token = heapq.heappop(heap)
        # An entry is void once either part has grown or gone (a part that is gone is empty).
        if len(parts[left]) != left_len or len(parts[right]) != right_len or following[left] != right:
            continue
        parts[left] += parts[right]
        parts[right] = ""
        following[left] = following[right]
        if following[right] >= 0:
            previous[following[right]] = left
        seen.add(token)
        offer(previous[left])
        offer(left)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rank", type=int, default=0, help="keep tokens of our scripts up to this rank")
    arguments.add_argument("model")
    arguments.add_argument("texts", nargs="+")
    given = arguments.parse_args()

    fields = GGUFReader(given.model).fields
    tokens, scores, types = (fields[f"tokenizer.ggml.{k}"].contents() for k in ("tokens", "scores", "token_type"))
    ids = {token: i for i, token in enumerate(tokens) if types[i] == NORMAL}

    kept = set()
    for i, (token, kind) in enumerate(zip(tokens, types)):
        if kind == CONTROL and token in CONTROLS or kind == USER_DEFINED and token.strip("\n") == "":
            kept.add(i)
        elif kind == NORMAL and (len(token) == 1 or -scores[i] < given.rank) and in_scripts(token.replace(SPACE, "")):
            kept.add(i)

    # No token but a piece of markup has a space after another character, so text can be cut before its spaces.
    pieces = set()
    for path in given.texts:
        with open(path, encoding="utf-8") as text:
            for line in text:
                for cell in line.rstrip("\n").split("\t"):
                    # With and without the space that the prompt puts before a text.
                    cell = cell.replace(" ", SPACE)
                    for variant in (cell, SPACE + cell):
                        pieces.update(re.findall(f"{SPACE}*[^{SPACE}]+|{SPACE}+", variant))
    for piece in pieces:
        merge(piece, ids, scores, kept)

    # Merging a kept token's own text shows which shorter tokens it is made of.
    for token in list(kept):
        if types[token] == NORMAL:
            merge(tokens[token], ids, scores, kept)

    ordered = sorted(kept)
    print(f"# {len(ordered)} of {len(tokens)} tokens, chosen by keep_vocabulary.py --rank {given.rank}")
    start = last = ordered[0]
    for token in ordered[1:] + [None]:
        if token is not None and token == last + 1:
            last = token
            continue
        print(start if start == last else f"{start}-{last}")
        start = last = token


main()
