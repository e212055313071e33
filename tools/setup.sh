#!/bin/sh
# Sets up .venv from the lock: `setup.sh` does it, `setup.sh check` says "ready" where nothing is to be done.
# Needs $PYTHON: an interpreter of Python 3.11 or newer.
set -u
cd "$(dirname "$0")/.." || exit 2
ready=.venv/.ready
lock=.venv.lock

fail() {
  echo "plinth: $1" >&2
  exit 2
}

# Whether .venv is the one of this folder and still holds what the preview needs: a folder that was moved or copied keeps scripts and
# links to the old place.
is_ready() {
  [ -f "$ready" ] && [ "$(cat "$ready")" = "$PWD" ] && [ "$ready" -nt requirements.txt ] && [ "$ready" -nt pyproject.toml ] &&
    .venv/bin/python -c '
import importlib.util, sys
sys.exit(any(importlib.util.find_spec(name) is None for name in ("pip", "pulumi", "pulumi_aws", "pulumi_azure_native", "pulumi_kubernetes", "pydantic", "typer")))
' 2>/dev/null
}

if [ "${1-}" = check ]; then
  is_ready && echo ready
  exit 0
fi

command -v "$PYTHON" >/dev/null 2>&1 || fail "$PYTHON was not found; install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3"
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "Python 3.11 or newer is needed, $PYTHON is $("$PYTHON" -V 2>&1); name a newer one: make PYTHON=python3.12"

# A folder is made by one of two who try at the same time, on every system.
told=
until mkdir "$lock" 2>/dev/null; do
  owner=$(cat "$lock/pid" 2>/dev/null)
  if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
    rm -rf "$lock"
    continue
  fi
  [ -e "$lock" ] || fail "$PWD cannot be written to; set-up puts .venv there"
  [ -n "$told" ] || echo "Another set-up of this folder is running; waiting for it (remove $lock if there is none) …" >&2
  told=yes
  sleep 1
done
echo $$ > "$lock/pid"
trap 'rm -rf "$lock"' EXIT
trap 'exit 130' INT TERM
is_ready && exit 0

[ -e .venv ] && [ -f "$ready" ] && [ "$(cat "$ready")" != "$PWD" ] && echo "The .venv here was made for another place." >&2
echo "Setting up .venv with $("$PYTHON" -V) (a minute or two; it needs a package index) …" >&2
# Through a link, the environment of somebody else would be cleared.
[ ! -L .venv ] || rm .venv
"$PYTHON" -m venv --clear .venv ||
  fail "$PYTHON cannot make a virtual environment; on Debian and Ubuntu install the package python3-venv"

install() {
  .venv/bin/python -m pip install --disable-pip-version-check --quiet --retries 2 "$@" ||
    fail "the packages could not be installed; see pip's message above. Set-up needs PyPI or a mirror of it, such as PIP_INDEX_URL names"
}
install --require-hashes -r requirements.txt
install --no-deps --no-build-isolation --editable .
echo "$PWD" > "$ready"
