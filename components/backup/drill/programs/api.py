"""The Kubernetes API, by the standard library alone."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_NOT_FOUND: Final = 404

Object = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Api:
    """The Kubernetes API as a service account sees it."""

    address: str
    token: Path
    authority: Path | None

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Object:
        """What the API answers; patches are merged.

        Raises:
            urllib.error.HTTPError: it refused.
        """
        kind = "application/merge-patch+json" if method == "PATCH" else "application/json"
        # The token is renewed while the pod runs.
        headers = {"Authorization": f"Bearer {self.token.read_text().strip()}", "Content-Type": kind, "Accept": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, data=data, headers=headers, method=method)  # noqa: S310 # the cluster's own address
        context = ssl.create_default_context(cafile=str(self.authority)) if self.authority else None
        with urllib.request.urlopen(request, timeout=30, context=context) as answer:  # noqa: S310 # likewise
            content: Object = json.load(answer)
            return content

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
