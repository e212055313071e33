"""One dialect in what people read, held where a machine can hold it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools import ROOT

ROOMS = ("bench", "cli", "components", "docs", "facts", "offline", "policies", "runbooks", "stacks")
FILES = sorted(path for room in ROOMS for kind in ("py", "md") for path in ROOT.glob(f"{room}/**/*.{kind}"))
FOREIGN = re.compile(r"(?<!there )(?<!There )\b(?:is|are) no (?!longer\b|more\b|need\b|other\b|reason\b|way\b)\w+")
"""``is no duration`` is said of other languages' durations; in English it is not one."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_something_is_not_is_said_in_english(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if FOREIGN.search(line)] == []
