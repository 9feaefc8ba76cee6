#!/usr/bin/env python3
"""The same corrupted pairs through Edisi's checks and through translate-toolkit's pofilter.

    python3 -m pip install translate-toolkit==3.20.4
    benches/peer-pofilter.py target/release/edisi SHARED/eval [LINES] [PAIR ...] > benches/results/DATE-pofilter.md

pofilter's standard checks have no kinds that answer to ours, so it is given the best reading: a corruption counts as
noticed when any check fails on the corrupted pair that did not fail on the clean one. Beside it stands what such a
reading costs: the share of clean pairs on which any check fails. Edisi's recall counts findings of the kind's own
family only.
"""

import collections
import json
import subprocess
import sys
import tempfile

from translate.__version__ import sver
from translate.filters import checks
from translate.storage import po

PAIRS = "id-en id-zh id-ja id-ar id-fr en-id en-zh en-ar".split()


def failures(checker, source, target):
    """The names of the checks that fail."""
    unit = po.pounit(source)
    unit.target = target
    return set(checker.run_filters(unit))


def lines(path, count):
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file][:count]


def measure(edisi, folder, pair, count):
    """Per kind: how many were made, noticed by Edisi, noticed by pofilter; and both tools' share of clean alarms."""
    source_lang, target_lang = pair.split("-")
    files = [f"{folder}/flores-dev.{lang}" for lang in (source_lang, target_lang)]
    with tempfile.NamedTemporaryFile("r", suffix=".tsv", encoding="utf-8") as written:
        ran = subprocess.run(
            [edisi, "eval", "guard", "--quiet", "--json", "--source", files[0], "--target", files[1], "--pair", pair,
             "--take", str(count), "--write", written.name],
            check=True, capture_output=True, text=True)
        report = json.loads(ran.stdout.splitlines()[0])
        corrupted = [row.rstrip("\n").split("\t") for row in written]
    checker = checks.StandardChecker(checks.CheckerConfig(targetlanguage=target_lang))
    clean = [failures(checker, s, t) for s, t in zip(lines(files[0], count), lines(files[1], count))]
    noticed = collections.Counter()
    for kind, line, source, target in corrupted:
        noticed[kind] += bool(failures(checker, source, target) - clean[int(line) - 1])
    kinds = {kind: (row["made"], row["noticed"], noticed[kind]) for kind, row in report["kinds"].items() if kind != "sentence"}
    facts = ("quantity", "time", "name", "clause")
    ours = sum(report["alarms"][family] for family in facts) + report["alarms_other"]
    return kinds, ours / report["segments"], sum(map(bool, clean)) / len(clean)


def main():
    edisi, folder, *rest = sys.argv[1:]
    count = int(rest.pop(0)) if rest and rest[0].isdigit() else 997
    pairs = rest or PAIRS
    total = collections.defaultdict(lambda: [0, 0, 0])
    alarms = []
    for pair in pairs:
        print(pair, file=sys.stderr)
        kinds, ours, theirs = measure(edisi, folder, pair, count)
        alarms.append((pair, ours, theirs))
        for kind, row in kinds.items():
            total[kind] = [a + b for a, b in zip(total[kind], row)]
    print(f"# Edisi's checks and pofilter {sver} on the same corrupted pairs\n")
    print(f"FLORES dev, first {count} lines, {', '.join(pairs)}; `benches/peer-pofilter.py`. A corruption counts for Edisi "
          "when a finding of its own family notices it, for pofilter when any new check fails.\n")
    print("| kind | corrupted | Edisi | pofilter, any check |\n|---|---|---|---|")
    for kind, (made, ours, theirs) in total.items():
        print(f"| {kind} | {made} | {ours / max(made, 1):.3f} | {theirs / max(made, 1):.3f} |")
    print("\n| pair | Edisi: alarms a clean segment, all families but style | pofilter: clean segments with any failing check |\n|---|---|---|")
    for pair, ours, theirs in alarms:
        print(f"| {pair} | {ours:.3f} | {theirs:.3f} |")


main()
