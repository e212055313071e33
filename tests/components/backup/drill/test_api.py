from __future__ import annotations

import threading
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from components.backup.drill.programs.api import Api

REFUSAL = b'{"kind": "Status", "message": "denied the request: the drill restores nothing but claims"}'


@contextmanager
def api_that_answers(tmp_path: Path, *answers: tuple[int, bytes]) -> Iterator[tuple[Api, list[str]]]:
    """An API that gives these answers, one after the other, and what it was asked for; with status 0 it hangs up."""
    left, asked = list(answers), []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            asked.append(self.command)
            status, body = left.pop(0)
            if not status:
                self.connection.close()
                return
            self.send_response(status)
            # Where an answer breaks off, more was promised than comes.
            self.send_header("Content-Length", str(len(body) or 100))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 # the names that the server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "token").write_text("token-of-the-pod\n")
    try:
        yield Api(address=f"http://127.0.0.1:{server.server_port}", token=tmp_path / "token", authority=None, pauses=(0, 0)), asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("passing", [(503, b"{}"), (429, b"{}"), (0, b""), (200, b"")], ids=["away", "busy", "hung up", "broken off"])
def test_an_api_that_is_away_for_a_moment_is_asked_again(passing: tuple[int, bytes], tmp_path: Path) -> None:
    with api_that_answers(tmp_path, passing, passing, (200, b'{"items": []}')) as (api, asked):
        assert api.items("/api/v1/pods") == []
    assert len(asked) == 3


def test_an_api_that_stays_away_is_given_up(tmp_path: Path) -> None:
    with api_that_answers(tmp_path, *[(503, b"{}")] * 3) as (api, _), pytest.raises(OSError, match="503"):
        api.items("/api/v1/pods")


def test_what_is_refused_is_not_asked_for_again_and_the_message_says_why(tmp_path: Path) -> None:
    with api_that_answers(tmp_path, (403, REFUSAL)) as (api, asked), pytest.raises(urllib.error.HTTPError) as refused:
        api.remove("/api/v1/pods/one")
    assert "denied the request: the drill restores nothing but claims" in str(refused.value)
    assert len(asked) == 1


def test_what_is_created_is_asked_for_once(tmp_path: Path) -> None:
    with api_that_answers(tmp_path, (503, b"{}")) as (api, asked), pytest.raises(OSError, match="it says nothing more"):
        api.call("POST", "/api/v1/pods", {})
    assert len(asked) == 1
