"""What is nobody's mistake in the settings ends with 3 and one message: no violation has this code, and no traceback is the answer."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import project
from cli.commands import app
from tests.cli.projects import DEV, finish, plinth, start, write_project
from tests.tools import ROOT


def test_a_bug_of_the_program_is_named_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "def divide():\n    raise ZeroDivisionError('a bug')\ndivide()\n", dev=DEV)
    result = plinth(tmp_path, "preview", "dev", monkeypatch=monkeypatch)
    assert result.exit_code == 3
    assert result.stdout == ""
    *_, said = result.stderr.splitlines()
    assert said.startswith("plinth: unexpected ZeroDivisionError: a bug (")
    assert "__main__.py:12)" in said
    assert "Traceback" not in result.stderr


def test_the_traceback_of_a_bug_is_shown_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "raise ZeroDivisionError('a bug')", dev=DEV)
    result = plinth(tmp_path, "preview", "dev", "--debug", monkeypatch=monkeypatch)
    assert result.exit_code == 3
    assert "Traceback" in result.stderr


@pytest.mark.parametrize("program", ["pulumi.log.error('the zone is gone')", "import sys; sys.exit(1)"])
def test_a_program_that_says_itself_that_it_failed_ends_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    write_project(tmp_path, program, dev=DEV)
    result = plinth(tmp_path, "preview", "dev", monkeypatch=monkeypatch)
    assert result.exit_code == 3
    assert "plinth: the program " in result.stderr


@pytest.mark.parametrize("arguments", [("preview", "dev"), ("preview", "dev", "--json"), ("schema",), ("--help",), ("--version",)])
def test_a_full_disk_is_one_message(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    write_project(tmp_path, "", dev=DEV)
    with Path("/dev/full").open("w", encoding="utf-8") as full, start(*arguments, cwd=tmp_path, stdout=full) as process:
        done = finish(process)
    assert done.returncode == 3
    assert "plinth: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_where_nothing_can_be_said_the_code_still_is_that_of_a_failure(tmp_path: Path) -> None:
    write_project(tmp_path, "", dev=DEV)
    command = [sys.executable, "-m", "cli", "preview", "dev"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=full, check=False)  # noqa: S603 # this project's own command
    assert done.returncode == 3


def test_a_closed_output_is_no_failure(tmp_path: Path) -> None:
    write_project(tmp_path, "", dev=DEV)
    command = shlex.join([sys.executable, "-m", "cli", "preview", "dev", "--quiet"])
    done = subprocess.run(  # noqa: S602 # only a shell closes a stream
        f"{command} >&-", shell=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_reader_that_goes_away_gets_no_message(tmp_path: Path) -> None:
    write_project(tmp_path, "", dev=DEV)
    with start("preview", "dev", cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 3
    assert all(line.endswith("…") for line in said.splitlines())


def test_another_clone_is_not_judged_with_this_ones_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "raise SystemError('this must not run')", dev=DEV)
    shutil.copytree(Path(project.__file__).parent, tmp_path / "cli")
    result = plinth(tmp_path, "preview", "dev", monkeypatch=monkeypatch)
    assert result.exit_code == 2
    assert f"would judge {tmp_path} with the code of another clone; run {tmp_path}/.venv/bin/plinth" in result.stderr


def test_a_working_directory_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    result = CliRunner().invoke(app, ["preview", "dev"], catch_exceptions=False)
    assert result.exit_code == 2
    assert "the working directory is gone" in result.stderr
