#!/usr/bin/env bash
# Sees to what the build needs: a C compiler to link with, Python with pip to fetch packages.
# Installs what is missing where it may (root on a Debian-like system), else says what to install.
set -euo pipefail

missing=()
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v python3 >/dev/null || missing+=(python3)
python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)

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

if ! command -v cargo >/dev/null; then
  echo "error: cargo is missing; install a stable Rust toolchain (rustup.rs) and run this again" >&2
  exit 1
fi
needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
have=$(rustc --version | cut -d' ' -f2)
if [[ $(printf '%s\n%s\n' "$needed" "${have%%-*}" | sort -V | head -n 1) != "$needed" ]]; then
  echo "error: Rust $needed or newer is needed, this is $have; run: rustup update stable" >&2
  exit 1
fi
