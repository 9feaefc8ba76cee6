#!/usr/bin/env bash
# Runs unmodified clients of LibreTranslate, from their registries, against Edisi. What they need goes below target/.
# `make test-programs` builds what it runs.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/target/clients
mkdir -p "$work"
missing=()
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
if ((${#missing[@]})); then
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "error: missing system packages; install them and run this again: apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

data=$(mktemp -d)
trap 'exec 3>&-; wait || true; rm -rf "$data"' EXIT
mkfifo "$data/in"
"${CARGO_TARGET_DIR:-target}/debug/examples/api" serve "$data/newsroom" <"$data/in" >"$data/out" &
exec 3>"$data/in"
for _ in $(seq 200); do
  [[ -s $data/out ]] && break
  sleep 0.1
done
read -r url key <"$data/out"
export EDISI_URL=$url EDISI_KEY=$key

[[ -x $work/venv/bin/python ]] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check libretranslatepy==2.1.4
"$work/venv/bin/python" scripts/clients/libretranslatepy_client.py

npm install --silent --no-audit --no-fund --prefix "$work" translate@3.1.0
cp scripts/clients/translate_client.mjs "$work/"
node "$work/translate_client.mjs"
