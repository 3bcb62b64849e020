#!/usr/bin/env bash
# Runs every test, part by part, and closes with what passed. A part that
# fails does not keep the next one from telling what it knows.
set -uo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT" || exit 1
use_go

# Everything runs under one PostgreSQL server, which ends with it: the script
# starts itself again inside.
if [ "${1:-}" = --inside ]; then
  shift
else
  if [ "${1:-}" != --quick ]; then ./scripts/setup.sh || die "setup failed; nothing was tested"; fi
  go build -o bin/pgrun ./platform/testkit/pgrun || die "pgrun does not build; nothing was tested"
  if [ "${1:-}" != --e2e ]; then
    ./scripts/s3.sh || die "the S3 server does not build; nothing was tested"
    export RALLY_TEST_S3=$ROOT/bin/versitygw # so that no test skips it
  fi
  exec bin/pgrun -- "$0" --inside "$@"
fi
use_node

# Packages whose tests meet SQLite: they run a second time with the pure Go
# driver, which is the one on machines without a C compiler. What opens a
# database names platform/db, and what starts the program apptest. The command
# and the demo world put nothing to the driver that the others don't.
sqlite_packages() {
  go list -f '{{.ImportPath}}:{{.TestImports}}{{.XTestImports}}' ./... |
    sed -nE '/^rally\/(cmd|demo)[:/]/d; s#^([^:]+):.*rally/(platform/db|internal/apptest)[] ].*#\1#p'
}

go_race() { go test -race -shuffle=on -timeout=40m ./...; }

go_quick() { go test ./...; }

go_pure() {
  local packages
  packages=$(sqlite_packages) || return 1
  # shellcheck disable=SC2086 # one argument a package
  CGO_ENABLED=0 go test -shuffle=on -timeout=40m $packages
}

web() { (cd web && npm run --silent "$@"); }

e2e() {
  go build -o bin/rally ./cmd/rally && RALLY_BIN=$ROOT/bin/rally web e2e
}

case "${1:-}" in
--quick)
  part go go_quick
  ;;
--e2e)
  part e2e e2e
  ;;
"")
  part go go_race
  part go-pure go_pure
  part web-check web check
  part web-lint web lint
  part web-test web test
  part e2e e2e
  ;;
*) die "usage: test.sh [--quick|--e2e]" ;;
esac

close_parts
