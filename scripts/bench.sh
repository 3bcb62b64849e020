#!/usr/bin/env bash
# Builds the program as it is released and measures it; arguments go to the
# benchmark. Its figures go to docs/performance.md.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
use_go
go build -trimpath -ldflags "-s -w" -o bin/rally ./cmd/rally
case " $* " in
*" -soak "*) ;; # measures nothing
*)
  # What creating posts is measured against, at the version that its go.mod pins.
  if [ ! -x bin/pocketbase ]; then say "building PocketBase, once"; fi
  CGO_ENABLED=0 go -C tools/pocketbase build -trimpath -ldflags="-s -w" -o "$ROOT/bin/pocketbase" github.com/pocketbase/pocketbase/examples/base
  ;;
esac
RALLY_POCKETBASE=$ROOT/bin/pocketbase RALLY_BIN=$ROOT/bin/rally go run ./bench "$@"
