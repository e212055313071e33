from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.projects import plinth
from tests.tools import ROOT


def test_the_schema_of_the_stack_files_is_printed_as_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = plinth(tmp_path, "schema", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads((ROOT / "stacks" / "schema.json").read_text(encoding="utf-8"))
