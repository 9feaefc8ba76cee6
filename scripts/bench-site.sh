#!/usr/bin/env bash
# Times the readers' pages of a site over loopback: requests a second, and how long the slow ones took.
# usage: bench-site.sh [URL]     without URL, a site of 20 articles in six languages is made and served
# SECONDS_EACH (10), CONNECTIONS (32) and THREADS (1) are wrk's; the server has the other core.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v wrk >/dev/null || { echo "error: wrk is missing; apt-get install wrk" >&2; exit 1; }
each=${SECONDS_EACH:-10} connections=${CONNECTIONS:-32} threads=${THREADS:-1}
url=${1:-}

if [[ -z $url ]]; then
  edisi="${CARGO_TARGET_DIR:-target}"/release/edisi
  cargo build --locked -q --release -p edisi-cli -p edisi-server --features edisi-server/testing --bins
  folder=$(mktemp -d)
  trap 'kill "$server" 2>/dev/null || true; pkill -P $$ sleep || true; rm -rf "$folder"' EXIT
  "$edisi" settings --data "$folder/data" --name "Kabar Contoh" --publish clean --policy error=publish >/dev/null
  # It stops when its standard input ends.
  "${CARGO_TARGET_DIR:-target}"/release/edisi-rehearsal "$folder/data" 127.0.0.1:0 < <(exec sleep infinity >/dev/null 2>&1) >"$folder/address" 2>/dev/null &
  server=$!
  until [[ -s $folder/address ]]; do sleep 0.1; done
  for number in $(seq 20); do
    {
      echo "# Berita nomor $number dari tepi sungai"
      for paragraph in $(seq 12); do
        printf '\nWarga desa nomor %s bergotong royong memperbaiki dermaga kayu pada hari ke-%s. ' "$number" "$paragraph"
        printf 'Mereka bekerja sejak pagi, lalu beristirahat ketika air sungai mulai pasang.\n'
      done
    } >"$folder/berita-$number.md"
  done
  "$edisi" ingest --data "$folder/data" --from id --wait "$folder"/berita-*.md >/dev/null
  url=$(head -n 1 "$folder/address")
fi
url=${url%/}

story=$(curl -fs "$url/en/" | grep -o 'h2><a href="[^"]*' | head -n 1 | cut -d'"' -f2)
[[ -n $story ]] || { echo "error: $url has no article in English" >&2; exit 1; }
tag=$(curl -fsI "$url$story" | tr -d '\r' | sed -n 's/^etag: //Ip')

echo "# $(date +%F), commit $(git rev-parse --short HEAD)"
echo "# $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores; load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "# wrk -t$threads -c$connections -d${each}s --latency"
row() {
  local name=$1 path=$2
  shift 2
  local bytes
  bytes=$(curl -fs -o /dev/null -w '%{size_download}' "$@" "$url$path")
  wrk -t"$threads" -c"$connections" -d"${each}s" --latency "$@" "$url$path" | awk -v name="$name" -v bytes="$bytes" '
    $1 == "50%" { median = $2 } $1 == "99%" { slow = $2 } $1 == "Requests/sec:" { rate = $2 }
    /Non-2xx/ { bad = $NF } /Socket errors/ { errors = $0 }
    END { printf "%-24s bytes=%-7d requests_s=%-9.0f p50=%-9s p99=%-9s failed=%d %s\n", name, bytes, rate, median, slow, bad, errors }'
}
row front /en/
row article "$story"
row article-gzip "$story" -H 'accept-encoding: gzip'
row article-unchanged "$story" -H "if-none-match: $tag"
row feed /en/feed.atom
