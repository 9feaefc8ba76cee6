#!/usr/bin/env bash
# Tests of the store on PostgreSQL: a throwaway server in a temporary folder, the tests, and away with it.
# usage: test-postgres.sh ARGUMENTS of `cargo test` that say what to build, such as --locked --workspace
set -euo pipefail
cd "$(dirname "$0")/.."

programs() {
  # The newest of Debian's, else what is on the path.
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v initdb || echo /none)")"; do
    [[ -x $folder/initdb && -x $folder/postgres ]] && { echo "$folder"; return; }
  done
  return 1
}
if ! bin=$(programs); then
  [[ $(id -u) = 0 ]] || { echo "error: PostgreSQL is missing; install it (Debian: apt install postgresql)" >&2; exit 1; }
  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql
  bin=$(programs) || { echo "error: there is still no initdb after installing postgresql" >&2; exit 1; }
fi

# The server refuses to run as root.
as=()
folder=$(mktemp -d)
if [[ $(id -u) = 0 ]]; then
  as=(runuser -u "${EDISI_TEST_POSTGRES_USER:-postgres}" --)
  chown "${EDISI_TEST_POSTGRES_USER:-postgres}" "$folder"
fi
stop() {
  local status=$?
  if ((status)); then
    echo "the server's last words, and the space there is:" >&2
    tail -n 20 "$folder/log" >&2 || true
    df -h "$folder" >&2 || true
  fi
  "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

cd "$folder"
"${as[@]}" "$bin/initdb" -D "$folder/data" -U edisi -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
# A database for each test, none of them kept: what may grow is kept small, and nothing is written that only a crash
# would need. A free port; another may take it before the server does, then the next try has another.
cheap="-c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c min_wal_size=32MB -c max_wal_size=64MB"
for try in 1 2 3 4 5; do
  port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  "${as[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >/dev/null \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=500 $cheap" && break
  [[ $try = 5 ]] && { cat "$folder/log" >&2; exit 1; }
done
cd "$OLDPWD"

"$bin/postgres" --version
EDISI_TEST_POSTGRES=postgres://edisi@127.0.0.1:$port cargo test "$@" --features edisi-store/test-postgres --test store
