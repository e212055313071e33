"""A cluster as the checks ask it: by GET requests, and by questions about the user's own rights."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from doctor.errors import ConnectError, ForbiddenError

Object = Mapping[str, Any]

_PAGE: Final = 500
"""Objects that the API server is asked for at once: what kubectl asks for."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the API server says; ``date`` is its clock."""

    status: int
    body: str
    date: str = ""


class Transport(Protocol):
    """Carries requests to one API server."""

    def __call__(self, method: str, path: str, body: Object | None = None) -> Answer:
        """Send one request.

        Raises:
            ConnectError: the server does not answer.
        """


class Cluster:
    """What a cluster says of itself. Each document is asked for once."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._lists: dict[str, Sequence[Object] | None] = {}
        self._documents: dict[str, Object] = {}

    def get(self, path: str) -> Object:
        """One document.

        Raises:
            ForbiddenError: the user may not read it.
            ConnectError: the server does not answer, or fails.
        """
        if path not in self._documents:
            self._documents[path] = self._read(path) or {}
        return self._documents[path]

    def text(self, path: str) -> str:
        """One document that is not JSON; see :meth:`get`."""
        return self._ask("GET", path).body

    def objects(self, path: str) -> Sequence[Object]:
        """All objects of a kind, such as those of ``/api/v1/nodes``; none where the cluster does not know the kind. See :meth:`get`."""
        return self._list(path) or ()

    def serves(self, path: str) -> bool:
        """Whether the cluster knows a kind. See :meth:`get`."""
        return self._list(path) is not None

    def may(self, verb: str, group: str, resource: str, namespace: str | None = None) -> bool:
        """Whether the user has a right, asked by a review, which changes nothing and which every user may send."""
        attributes = {"verb": verb, "group": group, "resource": resource, **({"namespace": namespace} if namespace else {})}
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        answer = self._ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", review)
        return json.loads(answer.body).get("status", {}).get("allowed") is True

    @cached_property
    def version(self) -> Object:
        """``major``, ``minor`` and ``gitVersion`` of the API server."""
        return self.get("/version")

    @cached_property
    def clock_skew(self) -> timedelta | None:
        """How far the API server's clock is ahead of this machine's, to the second; None where it does not tell."""
        try:
            there = parsedate_to_datetime(self._ask("GET", "/version").date)
        except ValueError:
            return None
        return there - datetime.now(tz=UTC)

    def _list(self, path: str) -> Sequence[Object] | None:
        if path not in self._lists:
            self._lists[path] = self._pages(path)
        return self._lists[path]

    def _pages(self, path: str) -> Sequence[Object] | None:
        found: list[Object] = []
        following = ""
        while True:
            page = self._read(f"{path}?{urlencode({'limit': _PAGE, **({'continue': following} if following else {})})}")
            if page is None:
                return None
            found += page.get("items") or []
            following = (page.get("metadata") or {}).get("continue") or ""
            if not following:
                return found

    def _read(self, path: str) -> Object | None:
        """One document; None where there is none at that path."""
        answer = self._ask("GET", path)
        if answer.status == HTTPStatus.NOT_FOUND:
            return None
        try:
            document = json.loads(answer.body)
        except ValueError as error:
            raise ConnectError(f"what answers at {path} is not a Kubernetes API server; check the context's server address") from error
        return document if isinstance(document, dict) else {}

    def _ask(self, method: str, path: str, body: Object | None = None) -> Answer:
        answer = self._transport(method, path, body)
        place = path.partition("?")[0]
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise ConnectError("the cluster does not accept the credentials of the context; sign in anew")
        if answer.status == HTTPStatus.FORBIDDEN:
            raise ForbiddenError(f"the user may not {'read' if method == 'GET' else 'post to'} {place}")
        if answer.status >= HTTPStatus.BAD_REQUEST and answer.status != HTTPStatus.NOT_FOUND:
            raise ConnectError(f"the API server answers {place} with status {answer.status}: {answer.body[:200]}")
        return answer
