"""Writes, for every pair of languages, the training texts with the target's established forms in place of their own
words (names, dates, quantities, terms of the news), which is how Edisi asks the model. See README.md for the command."""

import argparse
import subprocess
import tempfile
from pathlib import Path

import data


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="multiway.tsv")
    parser.add_argument("--program", required=True, help="the example `established` of edisi-text, built")
    parser.add_argument("--out", required=True, type=Path, help="folder for a file a pair, with a line a row")
    args = parser.parse_args()
    rows = list(data.read_rows(args.data, "train"))
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        texts = {lang: Path(folder, lang) for lang in data.NAMES}
        for lang, path in texts.items():
            path.write_text("".join(row.get(lang, "") + "\n" for row in rows), encoding="utf-8")
        for source in data.NAMES:
            for target in data.NAMES:
                if source != target:
                    command = [args.program, source, target, texts[source], texts[target]]
                    forms = subprocess.run(command, check=True, capture_output=True).stdout
                    (args.out / f"{source}-{target}.txt").write_bytes(forms)


if __name__ == "__main__":
    main()
