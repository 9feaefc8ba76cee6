#!/usr/bin/env bash
# Tests the translation engine's NEON kernels on any machine, in QEMU: scripts/test-arm.sh [TEST...]
#
# Takes a Rust toolchain with the target (`rustup target add aarch64-unknown-linux-gnu`), and of Debian's packages
# gcc-aarch64-linux-gnu and qemu-user. Without arguments the kernels' tests run; `''` runs all of the engine's unit tests.
set -euo pipefail
cd "$(dirname "$0")/.."
target=aarch64-unknown-linux-gnu
for tool in aarch64-linux-gnu-gcc qemu-aarch64; do
  command -v $tool >/dev/null || { echo "error: $tool is missing; install gcc-aarch64-linux-gnu and qemu-user" >&2; exit 1; }
done
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=qemu-aarch64
# A static program needs no ARM libraries, and older releases of QEMU hang when a dynamic one starts a thread.
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS="-C target-feature=+crt-static"
tests=("$@")
((${#tests[@]})) || tests=(kernels)
cargo test --locked --target $target --target-dir target/arm -p edisi-nmt --lib -- "${tests[@]}"
