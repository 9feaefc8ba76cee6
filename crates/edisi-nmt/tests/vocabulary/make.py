#!/usr/bin/env python3
"""Makes the vocabularies and goldens in this folder with the reference implementation.

    python3 -m venv venv && venv/bin/pip install sentencepiece==0.2.0 protobuf==7.36.2
    venv/bin/python make.py [--real NAME=FILE.spm ...]

Upstream: SentencePiece 0.2.0, https://github.com/google/sentencepiece, Apache-2.0. The sentences
are written for this test and dedicated to the public domain (CC0-1.0); the vocabularies are trained on them
alone. `plain.spm` carries SentencePiece's nmt_nfkc character map, which is made from Unicode data
(Unicode-3.0). A golden has one JSON array a line: text, ids, bounds of the tokens' byte ranges in the text,
decoded text, byte ranges of the tokens in that.

`--real` makes ids for vocabularies that are not committed, such as the English-Portuguese model's:
    --real en-pt=$EDISI_HOME/models/en-pt/vocab.spm --real pt-en=$EDISI_HOME/models/pt-en/vocab.spm
"""

import argparse
import json
import pathlib
import random

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as pb

HERE = pathlib.Path(__file__).resolve().parent
SENTENCES = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
RULES = {"\u00e9": "e\u0301", "ﬁ": "fi", "ﬀ": "ff", "\t": " ", "\u00a0": " ", "\u200b": "", "½": " 1/2 ", "A\u030a": "Å"}

NASTY = [
    "", " ", "    ", "\u3000", "\t\n", "a", " a", "a ", "  a  b  ", "\u2581", "\u2581a\u2581\u2581b\u2581", "a\u0000b", "\u0000",
    "e\u0301te\u0301 cafe\u0301", "ﬁn ﬀ ﬃ ﷺ ½ ㌀ Ⅷ ㍿", "ｆｕｌｌ　ｗｉｄｔｈ １２３", "ﾊﾝｶｸ ｶﾞｷﾞ", "\u200b\u200bzero\u200bwidth\u200b",
    "soft\u00adhyphen", "👩‍👩‍👧‍👦 family 🇮🇩 flag 😀😀", "الله ﷲ ﻻ ﻣﻜﺔ", "한국어 각", "\ufeffbom", "\ufffd", "\ue000 private \U0010ffff",
    "control\x01\x02\x7f\x80", "line\u2028sep\u2029", "x" * 200, "é" * 60, "中" * 40, "\u0301\u0302", "a\u0301\u0302\u0303",
    "<b>bold</b> @@ <s> </s> <unk> <0x41>", "@@@", "2011 12,5 1000000", "´ ΐ", "İstanbul ß ﬅ", "…‥ ‑ – — “quoted” „low“",
]


def train(name, **options):
    prefix = HERE / name
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 3), model_prefix=str(prefix), vocab_size=700, hard_vocab_limit=False,
        unk_id=1, eos_id=0, bos_id=-1, num_threads=1, minloglevel=2, **options)
    prefix.with_suffix(".vocab").unlink()
    model = pb.ModelProto()
    path = prefix.with_suffix(".model")
    model.ParseFromString(path.read_bytes())
    path.unlink()
    # Where it was made is nobody's business.
    model.trainer_spec.ClearField("model_prefix")
    # A few pieces that are there but not in use, one of them a single letter.
    for piece in [p for p in model.pieces if p.type == 1][5::97]:
        piece.type = 5
    prefix.with_suffix(".spm").write_bytes(model.SerializeToString())


def texts():
    """The sentences, the nasty strings, and 150 shaken together from both and from all of Unicode."""
    rng = random.Random(20)
    everything = " ".join(SENTENCES)

    def fragment():
        begin = rng.randrange(len(everything))
        return everything[begin : begin + rng.randint(1, 8)]

    yield from SENTENCES
    yield from NASTY
    for _ in range(150):
        text = ""
        for _ in range(rng.randint(1, 14)):
            kind = rng.random()
            if kind < 0.6:
                text += fragment()
            elif kind < 0.75:
                text += rng.choice(NASTY)[:6]
            elif kind < 0.9:
                text += chr(rng.randint(1, 0x7F))
            else:
                text += chr(rng.choice([rng.randint(0x80, 0x2FFF), rng.randint(0xE000, 0xFFFF), rng.randint(0x10000, 0x10FFFF)]))
        yield text


def bytes_at(text, position):
    return len(text[:position].encode())


def golden(processor, text):
    encoded = processor.encode(text, out_type="immutable_proto").pieces
    ids = [piece.id for piece in encoded]
    bounds = [bytes_at(text, p) for p in [encoded[0].begin, *(piece.end for piece in encoded)]] if ids else []
    decoded, spans = "", []
    if ids:
        proto = processor.decode(ids, out_type="immutable_proto")
        decoded = proto.text
        spans = [[bytes_at(decoded, piece.begin), bytes_at(decoded, piece.end)] for piece in proto.pieces]
    return [text, ids, bounds, decoded, spans]


def write(name, model):
    processor = sentencepiece.SentencePieceProcessor(model_file=str(model))
    lines = [json.dumps(golden(processor, text), ensure_ascii=True, separators=(",", ":")) for text in texts()]
    (HERE / f"{name}.golden.jsonl").write_text("\n".join(lines) + "\n", encoding="ascii")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--real", action="append", default=[])
    real = arguments.parse_args().real
    if real:
        for pair in real:
            write(*pair.split("=", 1))
        return
    train("plain", normalization_rule_name="nmt_nfkc")
    train("bytes", normalization_rule_name="identity", byte_fallback=True, split_digits=True,
          user_defined_symbols=["<b>", "@@", "@", "né"], control_symbols=["<ctl>"], character_coverage=0.98)
    rules = HERE / "rules.tsv"
    code = lambda text: " ".join(f"{ord(c):X}" for c in text)
    rules.write_text("".join(f"{code(a)}\t{code(b)}\n" for a, b in RULES.items()), encoding="ascii")
    train("suffix", normalization_rule_tsv=str(rules), treat_whitespace_as_suffix=True, remove_extra_whitespaces=False,
          character_coverage=0.98)
    rules.unlink()
    for name in ["plain", "bytes", "suffix"]:
        write(name, HERE / f"{name}.spm")


if __name__ == "__main__":
    main()
