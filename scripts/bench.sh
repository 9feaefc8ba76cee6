#!/usr/bin/env bash
# Times the hot paths and writes what came out, with machine and commands, to benches/results/.
# usage: bench.sh [NAME]   (the result is benches/results/NAME.txt; default: today's date)
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${EDISI_SHARED:-../shared}
edisi=${CARGO_TARGET_DIR:-target}/release/edisi
export EDISI_HOME=${EDISI_HOME:-$PWD/target/edisi-home}
out=benches/results/${1:-$(date +%F)}.txt
mkdir -p benches/results

say() { echo "$@" | tee -a "$out"; }
run() { say "\$ $*"; "$@" 2>&1 | tail -n 1 | tee -a "$out"; }

: >"$out"
say "# $(date +%F), commit $(git rev-parse --short HEAD), $(rustc --version)"
say "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(uname -sm)"
say "# vector instructions: $(grep -m1 -oE 'avx2|avx512_vnni|avx_vnni' /proc/cpuinfo | sort -u | tr '\n' ' ')"
say "# load when started: $(cut -d' ' -f1-3 /proc/loadavg)"

cargo bench -q --locked -p edisi-text --bench segment 2>&1 | tee -a "$out"
if [[ -d $shared ]]; then
  run "$edisi" bench extract "$shared/bench/article-extraction"
  # The peer and we in turn on one core, so that both meet the same neighbours; then two cores.
  for round in 1 2 3; do
    run taskset -c 0 "$edisi" bench nmt --model en-pt --input "$shared/eval/flores-dev.en" --threads 1
    run bash "$shared/bench/peer-bergamot.sh" "$shared/eval/flores-dev.en" /dev/null 0
  done
  run "$edisi" bench nmt --model en-pt --input "$shared/eval/flores-dev.en" --threads 2
  for pair in id-en id-ja; do
    run "$edisi" bench llm "$shared/eval/flores-dev.id" --pair "$pair" --limit 64
  done
else
  say "# $shared is missing: extraction and translation were not timed"
fi
