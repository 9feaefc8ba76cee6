#!/usr/bin/env bash
# How near 32 clients of the translation API come to the engine's own speed. Needs the model en-pt in EDISI_HOME.
# usage: bench-api.sh [FILE [CLIENTS [LINES]]]   (a file with an English sentence a line; lines of a request)
set -euo pipefail
cd "$(dirname "$0")/.."
export EDISI_HOME=${EDISI_HOME:-$PWD/target/edisi-home}
file=${1:-${EDISI_SHARED:-../shared}/eval/flores-dev.en}
cargo build --release --locked -q -p edisi-server --features testing --example api
echo "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, load $(cut -d' ' -f1-3 /proc/loadavg)"
exec "${CARGO_TARGET_DIR:-target}"/release/examples/api time en-pt "$file" "${2:-32}" "${3:-1}"
