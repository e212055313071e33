"""Programs that some tests drive: found on PATH or in .tools/bin; without them those tests say that they did not run."""

from __future__ import annotations

import os
import shutil
import socket
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


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
