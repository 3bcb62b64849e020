#!/usr/bin/env bash
# Builds bin/versitygw, the real S3 server of the tests, at the version that
# tools/s3/go.mod pins. The first time takes a minute or two.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
use_go
if [ ! -x "$ROOT/bin/versitygw" ]; then say "building the S3 server of the tests, once"; fi
CGO_ENABLED=0 go -C "$ROOT/tools/s3" build -trimpath -ldflags='-s -w' -o "$ROOT/bin/versitygw" github.com/versity/versitygw/cmd/versitygw
