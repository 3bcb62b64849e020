#!/usr/bin/env bash
# Installs what the tests need and the machine lacks: a PostgreSQL server,
# nginx, Chromium with fonts, a C compiler for the race detector, Node, and the
# packages of the browser checks. Quick, and without any network, when
# everything is there. With "lint" it installs what `make lint` needs instead.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "$0")/lib.sh"
cd "$ROOT"

has_postgres() {
  local dir
  if have initdb && have postgres; then return 0; fi
  for dir in /usr/lib/postgresql/*/bin; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then return 0; fi
  done
  return 1
}

# has_packages NAME...: are these Debian packages installed? Where there is no
# dpkg to ask, they are taken for granted: fonts have no command to look for.
has_packages() {
  have dpkg-query || return 0
  local name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q ' installed$' || return 1
  done
}

has_nginx() { have nginx || [ -x /usr/sbin/nginx ]; }

# The tests start servers of their own. Debian would also make and start some
# that nobody asked for; two files say no while the packages are installed, and
# one that was there already stays as it is.
install_packages() {
  local cluster=/etc/postgresql-common/createcluster.d/rally-setup.conf policy=/usr/sbin/policy-rc.d code=0
  case " $* " in
  *" postgresql "* | *" nginx "*)
    if [ "$(id -u)" -eq 0 ] || have sudo; then
      as_root mkdir -p "$(dirname "$cluster")"
      echo 'create_main_cluster = false' | as_root tee "$cluster" >/dev/null
      if [ -e "$policy" ]; then
        policy=
      else
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
      fi
      (apt_install "$@") || code=$?
      as_root rm -f "$cluster" ${policy:+"$policy"}
      return "$code"
    fi
    ;;
  esac
  apt_install "$@"
}

# install_node fetches a newer Node through npm where Debian's is too old.
install_node() {
  use_node
  if node_is_fit; then return 0; fi
  say "installing Node for the browser checks (the machine's is $(node --version))"
  npm ci --prefix tools/node --no-progress </dev/null >&2
  use_node
  node_is_fit || die "no Node 20.19 or newer for this machine; please install one"
}

# install_web_packages runs npm ci when the lock file is not the one that was
# installed last.
install_web_packages() {
  [ -f web/package-lock.json ] || return 0
  local want stamp=web/node_modules/.rally-installed
  want=$(sha256sum <web/package-lock.json)
  if [ -f "$stamp" ] && [ "$(<"$stamp")" = "$want" ]; then return 0; fi
  say "installing the packages of web/"
  (cd web && npm ci --no-progress </dev/null >&2)
  echo "$want" >"$stamp"
}

use_go
missing=()
have gcc cc clang && has_packages libc6-dev || missing+=(gcc libc6-dev)
have node || missing+=(nodejs)
have npm || missing+=(npm)
case "${1:-test}" in
test)
  has_postgres || missing+=(postgresql)
  has_nginx || missing+=(nginx)
  have chromium chromium-browser google-chrome || missing+=(chromium chromium-sandbox)
  has_packages fonts-liberation || missing+=(fonts-liberation)
  has_packages fonts-noto-cjk || missing+=(fonts-noto-cjk)
  ;;
lint)
  have shellcheck || missing+=(shellcheck)
  ;;
*) die "usage: setup.sh [test|lint]" ;;
esac
install_packages "${missing[@]}"
install_node
install_web_packages
