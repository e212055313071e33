"""The Kubernetes API of the simulated cluster: just the calls that a rehearsal needs."""

from __future__ import annotations

import http.client
import json
import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from rehearsal.errors import RehearsalError

_OK: Final = range(200, 300)
_NOT_FOUND: Final = 404
_WARNING: Final = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')
_TIMEOUT: Final = 60
"""Seconds for one call."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the API server says: ``warnings`` beside the object itself."""

    status: int
    body: Mapping[str, Any]
    warnings: Sequence[str] = ()

    @property
    def accepted(self) -> bool:
        """Whether the call was accepted."""
        return self.status in _OK

    @property
    def message(self) -> str:
        """Why a call was refused."""
        return str(self.body.get("message", f"status {self.status}"))


@dataclass(frozen=True)
class Endpoint:
    """Where the objects of one kind are."""

    root: str
    plural: str
    namespaced: bool

    def path(self, namespace: str | None = None, name: str | None = None) -> str:
        """Of one object, or of all in a namespace or everywhere."""
        parts = [self.root]
        if self.namespaced and namespace:
            parts += ["namespaces", namespace]
        return "/".join([*parts, self.plural, *([name] if name else [])])


def root_of(api_version: str) -> str:
    """The root of a group and version: ``/api/v1`` or ``/apis/apps/v1``."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


class Api:
    """One connection to the API server; each thread has its own."""

    def __init__(self, port: int, token: str, certificate: Path) -> None:
        self._address = ("127.0.0.1", port)
        self._token, self._certificate = token, certificate
        self._connection: http.client.HTTPSConnection | None = None
        self._kinds: dict[str, dict[str, Endpoint]] = {}

    def again(self) -> Api:
        """Another connection to the same server."""
        return Api(self._address[1], self._token, self._certificate)

    def call(self, method: str, path: str, body: Any = None, *, content: str = "application/json", **query: str) -> Answer:
        """Make one call.

        Raises:
            RehearsalError: nobody answers.
        """
        target = f"{path}?{urlencode(query)}" if query else path
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content}
        data = None if body is None else json.dumps(body).encode()
        for last in (False, True):
            try:
                connection = self._connected()
                connection.request(method, target, body=data, headers=headers)
                response = connection.getresponse()
                text = response.read()
            except (OSError, http.client.HTTPException) as error:
                # The server closes what was idle; a second failure is one.
                self.close()
                if last:
                    raise RehearsalError(f"the API server does not answer: {error}") from error
            else:
                said = [each for value in response.headers.get_all("Warning") or () for each in _WARNING.findall(value)]
                warnings = [re.sub(r"\\(.)", r"\1", each) for each in said]
                return Answer(status=response.status, body=_read(text), warnings=warnings)
        raise AssertionError

    def endpoint(self, api_version: str, kind: str) -> Endpoint | None:
        """Where the objects of a kind are; None where the server does not know it."""
        known = self._kinds.get(api_version)
        if known is None or kind not in known:
            answer = self.call("GET", root_of(api_version))
            resources = answer.body.get("resources", ()) if answer.status != _NOT_FOUND else ()
            known = self._kinds[api_version] = {
                each["kind"]: Endpoint(root_of(api_version), each["name"], each["namespaced"])
                for each in resources
                if "/" not in each["name"]
            }
        return known.get(kind)

    def items(self, api_version: str, plural: str) -> Sequence[Mapping[str, Any]]:
        """All objects of a kind, of all namespaces."""
        items: Sequence[Mapping[str, Any]] = self.call("GET", f"{root_of(api_version)}/{plural}").body.get("items") or ()
        return items

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> http.client.HTTPSConnection:
        if self._connection is None:
            trust = ssl.create_default_context(cafile=str(self._certificate))
            self._connection = http.client.HTTPSConnection(*self._address, timeout=_TIMEOUT, context=trust)
        return self._connection


def _read(text: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {"message": text.decode(errors="replace").strip()}
    return content if isinstance(content, Mapping) else {"message": str(content)}
