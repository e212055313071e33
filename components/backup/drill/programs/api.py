"""The Kubernetes API, by the standard library alone."""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_NOT_FOUND: Final = 404
# Whoever answers so is replaced or overloaded for a moment.
_PASSING: Final = frozenset({429, 500, 502, 503, 504})

Object = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Api:
    """The Kubernetes API as a service account sees it.

    ``pauses`` are how many seconds pass before each further attempt at a call that got no answer.
    """

    address: str
    token: Path
    authority: Path | None
    pauses: Sequence[float] = (1, 5, 15, 30)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Object:
        """What the API answers; patches are merged.

        What is created is asked for once: nobody can say whether an attempt without an answer made it.

        Raises:
            urllib.error.HTTPError: it refused, and its message says why.
            OSError: it does not answer.
        """
        for pause in () if method == "POST" else self.pauses:
            try:
                return self._call_once(method, path, body)
            except (urllib.error.URLError, ConnectionError, TimeoutError) as problem:
                if isinstance(problem, urllib.error.HTTPError) and problem.code not in _PASSING:
                    raise
                time.sleep(pause)
        return self._call_once(method, path, body)

    def _call_once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Object:
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        # The token is renewed while the pod runs.
        headers = {"Authorization": f"Bearer {self.token.read_text().strip()}", "Content-Type": kind, "Accept": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, headers=headers, method=method)  # noqa: S310 # the cluster's own address
        context = ssl.create_default_context(cafile=str(self.authority)) if self.authority else None
        try:
            with urllib.request.urlopen(request, timeout=30, context=context) as answer:  # noqa: S310 # likewise
                content: Object = json.load(answer)
                return content
        except urllib.error.HTTPError as refused:
            # By itself it would say no more than "Forbidden".
            refused.msg = f"{refused.msg}: {_reason(refused)}"
            raise
        except http.client.HTTPException as problem:
            raise ConnectionError(f"the answer broke off: {problem}") from problem

    def find(self, path: str) -> Object | None:
        """The object; None where there is none."""
        try:
            return self.call("GET", path)
        except urllib.error.HTTPError as refused:
            if refused.code == _NOT_FOUND:
                return None
            raise

    def items(self, path: str) -> Sequence[Object]:
        """The objects of a collection."""
        found: list[Object] = self.call("GET", path)["items"]
        return found

    def remove(self, path: str) -> None:
        """Delete the object, if it is there."""
        try:
            self.call("DELETE", path)
        except urllib.error.HTTPError as refused:
            if refused.code != _NOT_FOUND:
                raise


def _reason(refused: urllib.error.HTTPError) -> str:
    """What the API says of a refusal, be it a quota or an admission policy."""
    try:
        return str(json.load(refused)["message"])
    except (OSError, ValueError, KeyError, TypeError):
        return "it says nothing more"
