#!/usr/bin/env bash
# Runs the fuzz targets: scripts/fuzz.sh SECONDS [TARGET...]
#
# On stable Rust: LLVM's coverage instrumentation is switched on through stable flags, and libFuzzer comes with
# the libfuzzer-sys crate. There is no address sanitiser on stable; Edisi's parsers are safe Rust, so what is
# looked for is panics, overflows (checked in this build), endless loops and memory beyond a limit.
# Corpora grow in target/fuzz/corpus; an input that fails lies in target/fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
shift
targets=("$@")
if ((${#targets[@]} == 0)); then
  mapfile -t targets < <(sed -n 's|^path = "fuzz_targets/\(.*\)\.rs"|\1|p' fuzz/Cargo.toml)
fi
command -v c++ >/dev/null || { echo "error: libFuzzer needs a C++ compiler; install g++" >&2; exit 1; }

host=$(rustc -vV | sed -n 's/^host: //p')
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
# With --target the flags are for the targets alone, not for build scripts, which link without libFuzzer.
RUSTFLAGS="${coverage//$'\n'/ }" cargo build --release --locked --manifest-path fuzz/Cargo.toml \
  --target "$host" --target-dir target/fuzz

# Good inputs to start from; the fuzzer only reads them.
seeds() {
  case $1 in
    vocabulary) echo crates/edisi-nmt/tests/vocabulary ;;
    pieces) echo crates/edisi-text/tests crates/edisi-nmt/tests/vocabulary ;;
    extract | watch) echo crates/edisi-extract/tests examples/articles ;;
    *) ;;
  esac
}

# The longest input in bytes: long enough for whole files, short enough for many runs.
longest() {
  case $1 in
    model) echo 400 ;;
    pieces) echo 600 ;;
    extract | bitext | watch) echo 3000 ;;
    *) echo 20000 ;;
  esac
}

for target in "${targets[@]}"; do
  mkdir -p "target/fuzz/corpus/$target" "target/fuzz/artifacts/$target"
  echo "== $target, $seconds s"
  read -ra from <<<"$(seeds "$target")"
  # A failure shows in the exit status, or, with some kinds, only in the input that is kept.
  nice -n 19 "target/fuzz/$host/release/$target" "target/fuzz/corpus/$target" "${from[@]}" \
    -max_total_time="$seconds" -max_len="$(longest "$target")" -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=512 -print_final_stats=1 -artifact_prefix="target/fuzz/artifacts/$target/" 2>&1 |
    grep -E "^(stat::|==|SUMMARY|thread|Test unit|Done)|panicked|DONE|ERROR" || failed=1
  if [[ ${failed:-} ]] || compgen -G "target/fuzz/artifacts/$target/*" >/dev/null; then
    echo "error: $target failed; the input is in target/fuzz/artifacts/$target" >&2
    exit 1
  fi
done
