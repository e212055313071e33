"""A canary: a file on a volume, written anew each minute, that shows whether a backup of the volume is whole and how old it is.

``canary.py keep FOLDER RESULT`` writes it and serves metrics; ``canary.py check FOLDER REPORT`` looks at
a restored one and writes what it found to REPORT, the message that a pod leaves when it ends.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

FILE: Final = "canary"
BEGINNING: Final = "since"
PORT: Final = 8080
HEALTH: Final = "/healthz"
SIZE: Final = 2**20
INTERVAL_SECONDS: Final = 60


class CanaryError(Exception):
    """The canary is not there, or not what was written."""


def write(folder: Path, now: float) -> None:
    """Write a new canary in place of the old one, which stays whole until then."""
    payload = os.urandom(SIZE)
    header = json.dumps({"writtenAt": now, "sha256": hashlib.sha256(payload).hexdigest()})
    with (folder / f"{FILE}.new").open("wb") as new:
        new.write(header.encode() + b"\n" + payload)
        new.flush()
        os.fsync(new.fileno())
    (folder / f"{FILE}.new").replace(folder / FILE)
    beginning = folder / BEGINNING
    if not beginning.exists():
        beginning.write_text(str(now))


def read(folder: Path) -> float:
    """When the canary was written, in seconds since 1970.

    Raises:
        CanaryError: it is not there, or another one than was written.
    """
    try:
        header, _, payload = (folder / FILE).read_bytes().partition(b"\n")
        told = json.loads(header)
        written, digest = float(told["writtenAt"]), told["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CanaryError(f"no canary can be read: {problem}") from problem
    if hashlib.sha256(payload).hexdigest() != digest:
        raise CanaryError(f"its {len(payload)} bytes are not those that were written")
    return written


def metrics(folder: Path, result: Path) -> str:
    """What Prometheus reads: of the canary itself, and what the last drill left in ``result``."""
    lines = [f"restore_canary_since_timestamp_seconds {(folder / BEGINNING).read_text()}\n"] if (folder / BEGINNING).exists() else []
    try:
        lines.append(f"restore_canary_written_timestamp_seconds {read(folder)}\n")
    except CanaryError:
        # Without the series an alert tells of it.
        sys.stderr.write("the canary cannot be read\n")
    if result.is_file():
        lines.append(result.read_text())
    return "".join(lines)


def serve(folder: Path, result: Path, port: int = PORT) -> ThreadingHTTPServer:
    """Serve the metrics on all addresses, from a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Whether it answers at all says nothing of the volume, which a restart would not mend.
            body = b"" if self.path == HEALTH else metrics(folder, result).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing of each scrape."""

    server = ThreadingHTTPServer(("", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def check(folder: Path, report: Path) -> int:
    """Write to ``report`` when the canary was written, or what is wrong with it; the exit code says which."""
    try:
        written = read(folder)
    except CanaryError as problem:
        report.write_text(json.dumps({"problem": str(problem)}))
        return 1
    report.write_text(json.dumps({"writtenAt": written}))
    return 0


def main(arguments: list[str]) -> int:
    """Keep or check, whichever is asked for."""
    task, folder, other = arguments[0], Path(arguments[1]), Path(arguments[2])
    if task == "check":
        return check(folder, other)
    write(folder, time.time())
    serve(folder, other)
    while True:
        time.sleep(INTERVAL_SECONDS)
        write(folder, time.time())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
