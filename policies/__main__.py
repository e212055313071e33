"""What the language host starts to serve the pack: ``python -m pulumi.policy ADDRESS policies``."""

from __future__ import annotations

import sys
from pathlib import Path

_PACK = Path(__file__).resolve().parent

# The host runs this folder, which puts it on the path: its modules would then be importable a second time, by other names, and
# stand before the standard library's. The root of the project takes its place, which also works where the project is not installed.
sys.path[:] = [str(_PACK.parent), *(entry for entry in sys.path if Path(entry).resolve() != _PACK)]

from policies.serving import serve  # noqa: E402 # the path comes first

if __name__ == "__main__":
    serve()
