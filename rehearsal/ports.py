"""Ports for servers that run for a while on this machine."""

from __future__ import annotations

import secrets
import socket
from typing import Final

_FIRST, _LAST = 20_000, 32_000
"""Below those that systems give to connections (32768 on Linux, 49152 elsewhere): one of these could take a
port away before its server listens, or between two starts of it."""
_RANDOM: Final = secrets.SystemRandom()


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody listens on."""
    found: list[socket.socket] = []
    try:
        while len(found) < count:
            each = socket.socket()
            try:
                each.bind(("127.0.0.1", _RANDOM.randrange(_FIRST, _LAST)))
            except OSError:
                each.close()
            else:
                found.append(each)
        return [each.getsockname()[1] for each in found]
    finally:
        for each in found:
            each.close()
