"""Programs that some tests drive: those of a distribution's packages, of .tools/bin or on PATH.

Without them those tests say that they did not run.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_KEPT_APART = ("rabbitmq/bin", "postgresql/*/bin")
"""Folders of Debian's packages below /usr/lib. What these put on PATH only runs as the package's user."""


def tool(name: str, *, built: bool = True) -> str:
    """The path of the program ``name``; where there is none the test is skipped, or fails if PLINTH_REQUIRE_TOOLS is set.

    What `make tools` has not ``built`` is never missing: an API server takes a quarter of an hour.
    """
    # The newest of several releases comes last by name.
    apart = [str(folder) for pattern in _KEPT_APART for folder in sorted(Path("/usr/lib").glob(pattern), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join([*apart, os.environ.get("PATH", os.defpath), str(ROOT / ".tools" / "bin")]))
    if found:
        return found
    reason = f"not run: {name} is neither on PATH nor in .tools/bin"
    if built and os.environ.get("PLINTH_REQUIRE_TOOLS"):
        pytest.fail(reason)
    pytest.skip(reason)
