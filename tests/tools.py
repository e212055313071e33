"""Programs that some tests drive: found on PATH or in .tools/bin; without them those tests say that they did not run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def tool(name: str, *, built: bool = True) -> str:
    """The path of the program ``name``; where there is none the test is skipped, or fails if PLINTH_REQUIRE_TOOLS is set.

    What `make tools` has not ``built`` is never missing: an API server takes a quarter of an hour.
    """
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), str(ROOT / ".tools" / "bin")]))
    if found:
        return found
    reason = f"not run: {name} is neither on PATH nor in .tools/bin"
    if built and os.environ.get("PLINTH_REQUIRE_TOOLS"):
        pytest.fail(reason)
    pytest.skip(reason)
