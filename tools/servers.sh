#!/bin/sh
# Installs the servers that `make tools` does not build, from the distribution's packages (apt): RabbitMQ, PostgreSQL and PgBouncer.
# What is there already stays as it is.
set -u

fail() {
  echo "plinth: $1" >&2
  exit 2
}

# A program that Debian keeps in a folder of the package's own is not on PATH: tests/tools.py looks there too.
is_there() {
  for found in /usr/lib/rabbitmq/bin/"$1" /usr/lib/postgresql/*/bin/"$1"; do
    [ -x "$found" ] && return 0
  done
  command -v "$1" >/dev/null 2>&1
}

missing=
for pair in rabbitmq-server:rabbitmq-server postgres:postgresql pgbouncer:pgbouncer; do
  is_there "${pair%%:*}" || missing="$missing ${pair##*:}"
done
[ -n "$missing" ] || exit 0

by_hand="install$missing with the package manager of this machine, so that rabbitmq-server, postgres and pgbouncer are on PATH"
command -v apt-get >/dev/null 2>&1 || fail "apt-get was not found; $by_hand"
as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null 2>&1 || fail "only root can install packages, and sudo was not found; as root run: apt-get install$missing"
  as_root=sudo
fi

echo "Installing$missing from the distribution's packages …" >&2
# Where there is an init system, it starts what is installed; the tests start servers of their own.
$as_root apt-get update -qq &&
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null ||
  fail "the packages could not be installed; see the message of apt-get above, or $by_hand"
if [ -d /run/systemd/system ]; then
  for service in $missing; do
    $as_root systemctl disable --now --quiet "$service" || echo "plinth: the service $service still runs; the tests do not need it" >&2
  done
fi
