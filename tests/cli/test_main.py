from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from cli.main import main
from tests.cli.projects import plinth
from tests.tools import ROOT


def test_without_a_command_the_console_script_shows_what_there_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["plinth", "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "preview" in said
    assert "schema" in said


def test_the_version_is_that_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert plinth(tmp_path, "--version", monkeypatch=monkeypatch).output == f"plinth {declared}\n"
