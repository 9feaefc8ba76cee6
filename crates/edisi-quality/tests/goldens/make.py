"""Writes scores.json: sacrebleu's scores for pairs.tsv (language, hypothesis, reference; CC0, written for this).

    pip install sacrebleu==2.6.0 && python3 make.py

sacrebleu is Apache-2.0; none of its text or data is copied here.
"""

import json
from pathlib import Path

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

HERE = Path(__file__).parent
ROWS = [line.split("\t") for line in (HERE / "pairs.tsv").read_text("utf-8").splitlines()]
TOKENIZERS = ["13a", "zh", "char", "intl", "none"]


def main() -> None:
    languages = sorted({row[0] for row in ROWS})
    out = {"sacrebleu": sacrebleu.__version__, "corpus": [], "sentence": []}
    for lang in languages:
        hyps = [h for code, h, _ in ROWS if code == lang]
        refs = [r for code, _, r in ROWS if code == lang]
        row = {"lang": lang}
        for tok in TOKENIZERS:
            row[tok] = BLEU(tokenize=tok).corpus_score(hyps, [refs]).score
        row["chrF2"] = CHRF().corpus_score(hyps, [refs]).score
        row["chrF2++"] = CHRF(word_order=2).corpus_score(hyps, [refs]).score
        out["corpus"].append(row)
    for number, (_, hyp, ref) in enumerate(ROWS):
        row = {"line": number}
        for tok in TOKENIZERS:
            row[tok] = BLEU(tokenize=tok, effective_order=True).sentence_score(hyp, [ref]).score
        row["chrF2"] = CHRF().sentence_score(hyp, [ref]).score
        row["chrF2++"] = CHRF(word_order=2).sentence_score(hyp, [ref]).score
        out["sentence"].append(row)
    (HERE / "scores.json").write_text(json.dumps(out, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
