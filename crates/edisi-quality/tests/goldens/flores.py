"""Writes flores.json: sacrebleu's scores of damaged FLORES dev lines against the lines themselves.

    pip install sacrebleu==2.6.0 && python3 flores.py FLORES_PREFIX     (files FLORES_PREFIX.id, .en, …)

The damage is a rule (every 29th character dropped, every 41st doubled), so no text is kept here.
"""

import json
import sys
from pathlib import Path

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF


def perturbed(line: str) -> str:
    return "".join(c * ((i % 29 != 28) + (i % 41 == 40)) for i, c in enumerate(line))


def main() -> None:
    out = {"sacrebleu": sacrebleu.__version__, "scores": {}}
    for lang in ["id", "en", "zh", "ja", "ar", "fr"]:
        refs = Path(f"{sys.argv[1]}.{lang}").read_text("utf-8").split("\n")[:-1]
        hyps = [perturbed(line) for line in refs]
        scores = {tok: BLEU(tokenize=tok).corpus_score(hyps, [refs]).score for tok in ["13a", "zh", "char", "intl", "none"]}
        scores["chrF2"] = CHRF().corpus_score(hyps, [refs]).score
        scores["chrF2++"] = CHRF(word_order=2).corpus_score(hyps, [refs]).score
        out["scores"][lang] = scores
    (Path(__file__).parent / "flores.json").write_text(json.dumps(out, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
