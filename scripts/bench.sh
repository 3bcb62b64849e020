#!/usr/bin/env bash
# Builds the program as it is released and measures it; arguments go to the
# benchmark. Its figures go to docs/performance.md.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT"
use_go
go build -trimpath -ldflags "-s -w" -o bin/rally ./cmd/rally
RALLY_BIN=$ROOT/bin/rally go run ./bench "$@"
