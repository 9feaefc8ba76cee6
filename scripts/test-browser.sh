#!/usr/bin/env bash
# The browser tests: installs Chromium (as root on a Debian-like system, else it must be there) and the driver's package,
# and runs them. PICTURES=DIR keeps pictures of what was seen.
# `make test-programs` builds what it runs.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-noto-core fonts-noto-cjk)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
if ((${#missing[@]})); then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "installing: ${missing[*]}" >&2
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "error: missing system packages; install them and run this again:" >&2
    echo "  apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

# Beside the sources nothing is written.
folder=target/browser
mkdir -p "$folder"
cp tests/browser/* "$folder"
(cd "$folder" && npm ci --silent --no-audit --no-fund)
REHEARSAL=$(realpath "${CARGO_TARGET_DIR:-target}/debug/edisi-rehearsal") CHROMIUM=$(command -v chromium) \
  node --test --test-concurrency=1 "$folder/"*.test.mjs
