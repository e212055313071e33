"""The front door: what make says and does where the machine, the folder or the user is not as usual."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.tools import ROOT

FAKE = """#!/bin/sh
case "$1 $2" in
  -V*) echo "Python 3.11.0" ;;
  -c*) ;;
  "-m venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  "-m pip") echo "no route to host" >&2; exit 1 ;;
  *) printf '%s\\n' "$@" ;;
esac
"""
"""An interpreter that has every package and no network, and of all else says what it was called with."""


def write_interpreter(path: Path) -> Path:
    path.write_text(FAKE, encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the Makefile and what set-up reads."""
    folder = tmp_path / "clone"
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "pyproject.toml", "tools/setup.sh"):
        shutil.copy(ROOT / name, folder / name)
    write_interpreter(tmp_path / "python3")
    return folder


@pytest.fixture
def ready(clone: Path) -> Path:
    """A clone whose set-up is done."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    write_interpreter(clone / ".venv" / "bin" / "python")
    (clone / ".venv" / ".ready").write_text(f"{clone}\n", encoding="utf-8")
    for name in ("requirements.txt", "pyproject.toml"):
        os.utime(clone / name, (0, 0))
    return clone


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(  # noqa: S603 # this project's own front door
        ["make", f"PYTHON={folder.parent / 'python3'}", *arguments],  # noqa: S607 # the make of whoever runs the tests
        cwd=folder,
        env={**variables, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_what_is_set_up_is_used_as_it_is(ready: Path) -> None:
    done = make(ready, "preview", "STACK=production")
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["-m", "cli", "preview", "--stack=production"]
    assert done.stderr == ""


@pytest.mark.parametrize("stack", ["$(touch made)", "`touch made`", "dev; touch made", "$(shell touch made)", '"; touch made; "', "-x"])
@pytest.mark.parametrize("by_environment", [False, True])
def test_the_name_of_a_stack_is_nothing_but_a_name(ready: Path, stack: str, *, by_environment: bool) -> None:
    done = make(ready, "preview", STACK=stack) if by_environment else make(ready, "preview", f"STACK={stack}")
    assert done.stdout.splitlines()[-1] == f"--stack={stack}"
    assert not (ready / "made").exists()


def test_a_rehearsal_is_told_what_is_given_and_nothing_else(ready: Path) -> None:
    assert make(ready, "rehearse", "STACK=homelab").stdout.splitlines() == ["-m", "cli", "rehearse", "--", "homelab"]
    done = make(ready, "rehearse", "STACK=homelab", "CHARTS=$(touch made)", "NODES=3x4/16Gi", PROGRAMS="/opt/my servers")
    assert done.stdout.splitlines()[3:] == ["--charts=$(touch made)", "--programs=/opt/my servers", "--nodes=3x4/16Gi", "--", "homelab"]
    assert not (ready / "made").exists()


@pytest.mark.parametrize("damage", ["moved", "emptied", "older"])
def test_what_was_moved_or_damaged_is_set_up_anew(ready: Path, damage: str) -> None:
    if damage == "moved":
        ready = ready.rename(ready.parent / "elsewhere")
    elif damage == "emptied":
        (ready / ".venv" / "bin" / "python").unlink()
    else:
        os.utime(ready / "requirements.txt")
    done = make(ready, "preview")
    assert done.returncode == 2
    assert "Setting up .venv with Python" in done.stderr
    assert ("made for another place" in done.stderr) == (damage == "moved")


def test_without_a_package_index_the_message_says_what_set_up_needs(clone: Path) -> None:
    done = make(clone, "setup")
    assert done.returncode == 2
    assert "plinth: the packages could not be installed" in done.stderr
    assert "PIP_INDEX_URL" in done.stderr
    assert not (clone / ".venv" / ".ready").exists()
    assert not (clone / ".venv.lock").exists()


def test_the_environment_of_somebody_else_is_left_alone(ready: Path, tmp_path: Path) -> None:
    theirs = (ready / ".venv").rename(tmp_path / "theirs")
    (theirs / ".ready").write_text("elsewhere\n", encoding="utf-8")
    (ready / ".venv").symlink_to(theirs)
    make(ready, "setup")
    assert (theirs / "bin" / "python").read_text(encoding="utf-8") == FAKE


def test_a_second_set_up_waits_for_the_first(ready: Path) -> None:
    (ready / ".venv" / ".ready").rename(ready / "later")
    (ready / ".venv.lock").mkdir()
    first = subprocess.Popen(["sleep", "60"])  # noqa: S607 # any process that lives
    (ready / ".venv.lock" / "pid").write_text(f"{first.pid}\n", encoding="utf-8")
    second = subprocess.Popen(  # noqa: S603 # this project's own front door
        ["make", f"PYTHON={ready.parent / 'python3'}", "preview"],  # noqa: S607 # the make of whoever runs the tests
        cwd=ready,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert second.stderr is not None
    assert "Another set-up of this folder is running" in second.stderr.readline()
    (ready / "later").rename(ready / ".venv" / ".ready")
    first.kill()
    first.wait()
    stdout, stderr = second.communicate(timeout=60)
    assert second.returncode == 0, stderr
    assert "Setting up" not in stderr
    assert "preview" in stdout


def test_an_interpreter_that_is_not_there_is_named(clone: Path) -> None:
    done = make(clone, "setup", "PYTHON=python9.9")
    assert done.returncode == 2
    assert "plinth: python9.9 was not found" in done.stderr


def install_servers(tmp_path: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Run the installer on a machine that has ``programs`` and the shell's own, none of the servers."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    installer = (ROOT / "tools" / "servers.sh").read_text(encoding="utf-8").replace("/usr/lib", str(tmp_path))
    (tmp_path / "servers.sh").write_text(installer, encoding="utf-8")
    return subprocess.run(  # noqa: S603 # this project's own script
        ["/bin/sh", str(tmp_path / "servers.sh")], env={"PATH": str(folder)}, capture_output=True, text=True, check=False, timeout=60
    )


def test_servers_that_are_there_are_not_installed_again(tmp_path: Path) -> None:
    there = dict.fromkeys(("postgres", "pgbouncer", "rabbitmq-server"), "exit 0")
    done = install_servers(tmp_path, **there, **{"apt-get": "echo called; exit 1"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_only_the_servers_that_are_missing_are_installed(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    done = install_servers(
        tmp_path, **{"apt-get": f'echo "$@" >> {calls}', "id": "echo 0", "env": 'shift; exec "$@"', "pgbouncer": "exit 0"}
    )
    assert done.returncode == 0, done.stderr
    assert calls.read_text(encoding="utf-8").splitlines()[-1] == "install -qq -y --no-install-recommends rabbitmq-server postgresql"


def test_a_machine_without_apt_is_told_what_to_install(tmp_path: Path) -> None:
    done = install_servers(tmp_path)
    assert done.returncode == 2
    assert "install rabbitmq-server postgresql pgbouncer with the package manager" in done.stderr


def test_a_user_without_sudo_is_told_what_root_has_to_run(tmp_path: Path) -> None:
    done = install_servers(tmp_path, **{"apt-get": "exit 1", "id": "echo 1000"})
    assert done.returncode == 2
    assert "as root run: apt-get install rabbitmq-server postgresql pgbouncer" in done.stderr
