"""Who may connect to NATS and what it may do: accounts and users that client certificates map to, so that no secret is configured."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from components.base import ComponentError

ACCOUNT: Final = "PLATFORM"
SYSTEM_ACCOUNT: Final = "SYS"
_INBOXES: Final = "_INBOX.>"
_DNS_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class NatsClientError(ComponentError):
    """A client cannot be told from others by its certificate."""


@dataclass(frozen=True, kw_only=True)
class NatsClient:
    """An application that connects with the certificate of its own name and namespace.

    ``publishes`` are subjects (wildcards allowed) that it may publish, ``consumes`` the streams whose consumers it may pull from and
    acknowledge to. It may neither create nor delete streams: those are declared (MSG-009).

    Raises:
        NatsClientError: name or namespace is no DNS label.
    """

    name: str
    namespace: str
    publishes: tuple[str, ...] = ()
    consumes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for label in (self.name, self.namespace):
            if not _DNS_LABEL.fullmatch(label):
                raise NatsClientError(f"NATS client {self.name!r} in {self.namespace!r}: {label!r} is no DNS label (a-z, 0-9 and -)")

    @property
    def identity(self) -> str:
        """The DNS name in the client's certificate, which is also its user name."""
        return identity(self.name, self.namespace)


def identity(name: str, namespace: str) -> str:
    """The DNS name that stands for ``name`` of ``namespace`` in a client certificate."""
    return f"{name}.{namespace}.nats"


def accounts(clients: tuple[NatsClient, ...], *, controller: str, operator: str) -> dict[str, Any]:
    """The ``accounts`` block of the server: applications and the JetStream controller in one account, people in the system account too.

    ``controller`` and ``operator`` are identities. The operator is a user of the system account (server reports, moving leaders).
    """
    controller_user = {"user": controller, "permissions": _permissions(["$JS.API.>"])}
    return {
        ACCOUNT: {"jetstream": "enabled", "users": [controller_user, *({"user": c.identity, "permissions": _rights(c)} for c in clients)]},
        SYSTEM_ACCOUNT: {"users": [{"user": operator}]},
    }


def _rights(client: NatsClient) -> dict[str, Any]:
    reading = [subject for stream in client.consumes for subject in _consumer_subjects(stream)]
    return _permissions([*client.publishes, "$JS.API.INFO", *reading])


def _consumer_subjects(stream: str) -> tuple[str, ...]:
    return (
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.CONSUMER.INFO.{stream}.*",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
        f"$JS.ACK.{stream}.>",
    )


def _permissions(publish: list[str]) -> dict[str, Any]:
    return {"publish": {"allow": publish}, "subscribe": {"allow": [_INBOXES]}}
