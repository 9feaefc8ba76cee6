#!/usr/bin/env bash
# A newsroom in a folder, running, with the editions of an article: demo.sh FOLDER ARTICLE | demo.sh FOLDER --stop
# EDISI names the edisi command, LISTEN the address (127.0.0.1:8080, or any free port when that is taken).
set -euo pipefail

data=$1
what=$2
edisi=${EDISI:-${CARGO_TARGET_DIR:-target}/release/edisi}
pid_file=$data/edisi.pid
log=$data/edisi.log

is_running() { [[ -f $pid_file ]] && kill -0 "$(cat "$pid_file")" 2>/dev/null; }

if [[ $what == --stop ]]; then
  if is_running; then
    kill "$(cat "$pid_file")"
    rm -f "$pid_file"
    echo "stopped"
  else
    echo "nothing runs on $data"
  fi
  exit
fi

mkdir -p "$data"
if ! is_running; then
  # Drafts are published with what the checks found beneath them, so that there is something to see; a newsroom's own
  # default is to hold errors for its editors.
  "$edisi" settings --data "$data" --name "Kabar Contoh" --zone Asia/Jakarta --publish clean --policy error=publish >/dev/null
  listen=${LISTEN:-127.0.0.1:8080}
  if [[ -z ${LISTEN:-} ]] && (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; then
    listen=127.0.0.1:0
  fi
  : >"$data/address"
  nohup "$edisi" serve --data "$data" --listen "$listen" >"$data/address" 2>"$log" </dev/null &
  echo $! >"$pid_file"
  for _ in $(seq 100); do
    [[ -s $data/address ]] && break
    is_running || { cat "$log" >&2; exit 1; }
    sleep 0.1
  done
fi
"$edisi" ingest --data "$data" --wait "$what"
login=editor
if made=$("$edisi" user add "$login" --role admin --data "$data" --generate 2>/dev/null); then
  (umask 077 && sed -n 's/^password: //p' <<<"$made" >"$data/password")
fi
echo
grep -E '^(site|desk) ' "$data/address"
echo "sign in at the desk as $login, password $(cat "$data/password")"
echo "make demo-stop ends it; its log is $log"
