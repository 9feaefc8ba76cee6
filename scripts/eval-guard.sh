#!/bin/bash
# What the checks see on FLORES dev, all pairs of languages in one table.
#   scripts/eval-guard.sh [EDISI] [OPTIONS of edisi eval guard…]
# EDISI_SHARED names the folder with eval/flores-dev.LANG; PAIRS may name the pairs.
set -euo pipefail

edisi=${1:-${CARGO_TARGET_DIR:-target}/release/edisi}
shift || true
here=$(cd "$(dirname "$0")/.." && pwd)
eval_dir=${EDISI_SHARED:-$here/../shared}/eval
[ -d "$eval_dir" ] || { echo "error: $eval_dir is missing; set EDISI_SHARED" >&2; exit 1; }
pairs=${PAIRS:-id-en id-zh id-ja id-ar id-fr en-id zh-id ja-id ar-id fr-id en-zh en-ja en-ar en-fr zh-en ja-en ar-en fr-en}

for pair in $pairs; do
  from=${pair%-*} to=${pair#*-}
  "$edisi" eval guard --quiet --pair "$pair" "$@" \
    --source "$eval_dir/flores-dev.$from" --target "$eval_dir/flores-dev.$to" | tail -n 1
done | awk '
  { n = split($0, cells, " ")
    for (i = 1; i <= n; i++) { split(cells[i], kv, "="); value[kv[1]] = kv[2]; if (NR == 1) order[i] = kv[1] }
    if (NR == 1) { count = n; for (i = 1; i <= n; i++) { h = order[i]
        sub("recall_", "", h); sub("alarms_", "!", h); sub("segments", "lines", h); printf "%s%s", substr(h, 1, 9), (i < n ? "\t" : "\n") } }
    for (i = 1; i <= n; i++) { v = value[order[i]]
        if (order[i] ~ /recall|alarms/ && v != "nan") { v = sprintf("%.3f", v); sum[i] += v; seen[i]++ }
        printf "%s%s", v, (i < n ? "\t" : "\n") } }
  END { for (i = 1; i <= count; i++) printf "%s%s", (i == 1 ? "mean" : seen[i] ? sprintf("%.3f", sum[i] / seen[i]) : "-"), (i < count ? "\t" : "\n") }
' | expand -t 10
