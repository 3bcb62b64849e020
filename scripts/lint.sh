#!/usr/bin/env bash
# Runs every check that needs no running program, part by part.
set -uo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT" || exit 1
use_go
use_node

# tool NAME ARGUMENT...: runs a tool at the version that tools/go.mod pins.
tool() { go tool -modfile=tools/go.mod "$@"; }

formatted() {
  local files
  # A file that is deleted and not yet committed is still listed.
  files=$(git ls-files -co --exclude-standard '*.go' | { xargs -r ls -d 2>/dev/null || true; } | xargs -r gofmt -l) || return 1
  [ -z "$files" ] || {
    say "not formatted; run make fmt:" "$files"
    return 1
  }
}

scripts() {
  local files
  files=$(git ls-files -co --exclude-standard '*.sh' .ci/run | { xargs -r ls -d 2>/dev/null || true; }) || return 1
  # shellcheck disable=SC2086 # one argument a file; none has a space
  shellcheck -x $files
}

web() { (cd web && npm run --silent "$1"); }

tidy() { go mod tidy -diff && go -C tools mod tidy -diff && go -C tools/s3 mod tidy -diff && go -C tools/pocketbase mod tidy -diff; }

# snapshot hashes every file that is, or would be, committed.
snapshot() {
  git ls-files -co --exclude-standard -z | xargs -0 sha256sum 2>/dev/null
}

# generated: would generating again change anything?
generated() {
  local before after
  before=$(snapshot)
  make --no-print-directory generate || return 1
  after=$(snapshot)
  [ "$before" = "$after" ] || {
    say "generated files were out of date; they are right now, please commit them:"
    diff <(echo "$before") <(echo "$after") | sed -n 's/^> [0-9a-f]*//p' >&2
    return 1
  }
}

# vulnerabilities asks a database that not every machine can reach. A finding
# fails the check; no answer is said and passes.
vulnerabilities() {
  local out code=0
  out=$(tool govulncheck ./... 2>&1) || code=$?
  if [ "$code" -ne 0 ] && grep -q 'fetching vulnerabilities' <<<"$out"; then
    say "the vulnerability database can't be reached from here; not checked"
    return 0
  fi
  printf '%s\n' "$out"
  return "$code"
}

part format formatted
part vet go vet ./...
part golangci-lint tool golangci-lint run
part shellcheck scripts
part web-check web check
part web-lint web lint
part tidy tidy
part generated generated
part vulnerabilities vulnerabilities

close_parts
