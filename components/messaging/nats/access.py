"""Who may connect to NATS and what it may do.

Client certificates map to the users of accounts, so that no secret is configured.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from components.messaging.nats.model import ClientSettings

ACCOUNT: Final = "PLATFORM"
SYSTEM_ACCOUNT: Final = "SYS"
_INBOXES: Final = "_INBOX.>"


def identity(name: str, namespace: str) -> str:
    """The DNS name of a client in its certificate, which is also its user name."""
    return f"{name}.{namespace}.nats"


def accounts(clients: Mapping[str, ClientSettings], *, controller: str, operator: str) -> dict[str, Any]:
    """The ``accounts`` block of the server.

    Applications and the JetStream controller share one account. ``controller`` and ``operator`` are
    identities; the operator is a user of the system account (server reports, moving leaders).
    """
    users = [
        # People back up and restore streams with the controller's certificate; the chunks and their
        # acknowledgements go beside the API.
        {"user": controller, "permissions": _permissions(["$JS.API.>", "$JS.SNAPSHOT.>"])},
        *({"user": identity(name, client.namespace), "permissions": _rights(client)} for name, client in clients.items()),
    ]
    return {
        ACCOUNT: {"jetstream": "enabled", "users": users},
        SYSTEM_ACCOUNT: {"users": [{"user": operator}]},
    }


def _rights(client: ClientSettings) -> dict[str, Any]:
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
