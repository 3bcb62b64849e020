# shellcheck shell=bash
# What the other scripts share. Source it; it runs nothing by itself.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$(basename "$0"): $*"
  exit 1
}

# have COMMAND...: is one of these commands on the PATH?
have() {
  local c
  for c in "$@"; do
    if command -v "$c" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}

# use_go finds Go where its installer puts it, when the PATH does not, and makes
# it build with the SQLite that has the search's index (see platform/db).
use_go() {
  if ! have go && [ -x /usr/local/go/bin/go ]; then
    export PATH=$PATH:/usr/local/go/bin
  fi
  have go || die "Go is missing; please install Go 1.26 or newer"
  GOFLAGS="$(go env GOFLAGS) -tags=sqlite_fts5"
  export GOFLAGS
}

# node_is_fit: is there a Node that the checks of the browser client run on?
node_is_fit() {
  have node && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);'
}

# use_node puts the project's own Node first on the PATH, where setup fetched
# one because the machine's was too old.
use_node() {
  local dir
  if node_is_fit; then return 0; fi
  for dir in "$ROOT"/tools/node/node_modules/node-linux-*/bin; do
    if [ -x "$dir/node" ]; then
      export PATH=$dir:$PATH
      return 0
    fi
  done
}

# as_root COMMAND...: runs it as root, through sudo where we are not root.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# apt_install PACKAGE...: installs Debian packages, or says in one line which
# ones somebody must install.
apt_install() {
  [ "$#" -gt 0 ] || return 0
  have apt-get || die "this is no Debian; please install what corresponds to its packages: $*"
  if [ "$(id -u)" -ne 0 ] && ! have sudo; then
    die "neither root nor sudo here; please run as root: apt-get install --no-install-recommends $*"
  fi
  say "installing $*"
  # A package list that is old names versions which the archive no longer has.
  as_root apt-get update -qq </dev/null >&2 || die "apt-get update failed"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >&2 ||
    die "apt-get install failed for: $*"
}

# part NAME COMMAND...: runs one part of a check and remembers how it went. A
# part that fails does not keep the next one from telling what it knows.
passed=0
failed=0
summary=
part() {
  local name=$1 start=$SECONDS result=ok
  shift
  say "== $name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    result=FAILED
  fi
  summary+="${summary:+ · }$name $result $((SECONDS - start))s"
}

# close_parts says how the parts went, and fails when one did.
close_parts() {
  echo "$summary"
  echo "parts: $passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
