#!/usr/bin/env bash
# Runs Rally and starts it anew whenever a source file changes. While the
# change does not compile, the program that did goes on running.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
use_go

export RALLY_DEMO=${RALLY_DEMO:-true}
mkdir -p bin
stamp=bin/.dev-built
server=

stop() {
  if [ -n "$server" ]; then
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
  fi
}
trap stop EXIT
trap 'exit 130' INT TERM

# changed: is a file newer than the last build? Everything below web/ counts,
# because the browser client is embedded in the program.
changed() {
  [ ! -e "$stamp" ] || [ -n "$(find . \
    \( -name .git -o -name node_modules -o -path ./bin -o -path ./data -o -path ./web/e2e -o -path ./web/test \) -prune -o \
    -type f -newer "$stamp" \
    \( -name '*.go' -o -name '*.sql' -o -name go.mod -o -name .env -o -path './web/*' \) -print -quit)" ]
}

rm -f "$stamp"
while true; do
  if changed; then
    touch "$stamp"
    if go build -o bin/rally-dev.new ./cmd/rally; then
      stop
      mv bin/rally-dev.new bin/rally-dev
      say "dev: starting"
      bin/rally-dev serve &
      server=$!
    else
      say "dev: does not build; waiting for the next change"
    fi
  fi
  sleep 0.5
done
