"""How clusters reach each other: leaf connections, which carry what copies streams and nothing else.

Each cluster keeps a JetStream of its own (a domain). The one that copies calls the other; its
certificate there is that of a user who may read the streams that are marked for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.messaging.nats.account_model import AccountSettings
from components.messaging.nats.model import NatsSettings

LEAF_PORT: Final = 7422
LEAF_DIRECTORY: Final = "/etc/nats-certs/leafnodes"
"""Where the chart mounts the secret of its leaf nodes' ``tls``."""

Readers = Mapping[tuple[str, str | None], Sequence[str]]
"""By stack and tenant the names of the streams, as the server has them, that the stack may copy."""


def readers(settings: NatsSettings, dr_stack: str | None) -> Readers:
    """Who may copy what: by the ``drMirror`` of each stream and bucket, in place of which ``dr_stack`` stands where there is none."""
    found: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    if settings.leaf_nodes:
        for tenant, account in settings.accounts():
            for stack, name in _marked(account, dr_stack):
                found[stack, tenant].append(name)
    return found


def _marked(account: AccountSettings, dr_stack: str | None) -> list[tuple[str, str]]:
    streams = [(stream.dr_mirror, name) for name, stream in account.streams.items()]
    letters = [(stream.dr_mirror, dead_letter_stream(name)) for name, stream in account.streams.items() if stream.has_dead_letters]
    keys = [(bucket.dr_mirror, key_value_stream(name)) for name, bucket in account.key_values.items() if not bucket.mirror]
    objects = [(bucket.dr_mirror, object_stream(name)) for name, bucket in account.object_stores.items() if not bucket.mirror]
    return [(stack, name) for own, name in (*streams, *letters, *keys, *objects) if (stack := own or dr_stack)]


def dead_letter_stream(stream: str) -> str:
    """The stream of the dead letters of ``stream``."""
    return f"{stream}-dlq"


def key_value_stream(bucket: str) -> str:
    """The stream under a bucket of keys."""
    return f"KV_{bucket}"


def object_stream(bucket: str) -> str:
    """The stream under a bucket of objects."""
    return f"OBJ_{bucket}"


def leaf_identity(stack: str, tenant: str | None, namespace: str) -> str:
    """The DNS name in the certificate by which the servers of ``stack`` call those of ``namespace``."""
    return f"{stack}.leaf.{namespace}.nats" if tenant is None else f"{tenant}.{stack}.leaf.{namespace}.nats"


def leaf_permissions(cluster: str, streams: Sequence[str]) -> dict[str, Any]:
    """What the servers of another cluster may send and receive, to copy ``streams`` of ``cluster``."""
    sent = [subject for stream in streams for subject in _copying(cluster, stream)]
    # Answers to requests, and the messages of mirrors and of sources.
    return {"publish": {"allow": sent}, "subscribe": {"allow": ["$JSC.R.>", "$JS.M.>", "$JS.S.>"]}}


def _copying(cluster: str, stream: str) -> tuple[str, ...]:
    api = api_prefix(cluster)
    return (
        f"{api}.CONSUMER.CREATE.{stream}",
        f"{api}.CONSUMER.CREATE.{stream}.>",
        f"{api}.CONSUMER.DELETE.{stream}.*",
        f"$JS.FC.{stream}.>",
    )


def api_prefix(cluster: str) -> str:
    """Under which subjects JetStream's API of ``cluster`` is called from another one."""
    return f"$JS.{cluster}.API"


def leaf_values(settings: NatsSettings, server_secret: str, accounts: Mapping[str | None, str]) -> dict[str, Any]:
    """``config.leafnodes`` of the chart; ``accounts`` are their names by tenant."""
    remote = settings.remote
    if not settings.leaf_nodes and not remote:
        return {"enabled": False}
    # The chart mounts one secret here: that of the remote, where there is one. The servers' own is
    # mounted for their clients already.
    own = {"cert_file": "/etc/nats-certs/nats/tls.crt", "key_file": "/etc/nats-certs/nats/tls.key"}
    remotes = (
        [
            {
                "urls": [f"tls://{remote.host}:{remote.port}"],
                "account": accounts[tenant],
                "tls": {
                    "cert_file": f"{LEAF_DIRECTORY}/{tenant or 'tls'}.crt",
                    "key_file": f"{LEAF_DIRECTORY}/{tenant or 'tls'}.key",
                    "ca_file": f"{LEAF_DIRECTORY}/ca.crt",
                },
            }
            for tenant, account in settings.accounts()
            if any(account.copied_from_afar())
        ]
        if remote
        else []
    )
    return {
        "enabled": True,
        "port": LEAF_PORT,
        "tls": {
            "enabled": True,
            "secretName": remote.secret if remote else server_secret,
            "merge": {**own, "verify_and_map": True},
        },
        "merge": {"remotes": remotes} if remotes else {},
    }
