"""Who may connect to NATS and what it may do.

Client certificates map to the users of accounts, so that no secret is configured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from components.messaging.nats.account_model import Access, AccountSettings, ClientSettings, TenantSettings
from components.messaging.nats.links import key_value_stream, leaf_identity, leaf_permissions, object_stream, readers
from components.messaging.nats.model import NatsSettings

ACCOUNT: Final = "PLATFORM"
SYSTEM_ACCOUNT: Final = "SYS"
OPERATOR: Final = "nats-operator"
BACKUP: Final = "nats-backup"
_CONTROLLER: Final = "jetstream-controller"
_INBOXES: Final = "_INBOX.>"
# It reads streams with their consumers, and can neither change nor delete any.
_BACKUP_SUBJECTS: Final = ["$JS.API.INFO", "$JS.API.STREAM.INFO.*", "$JS.API.STREAM.SNAPSHOT.*", "$JS.SNAPSHOT.ACK.>"]


def identity(name: str, namespace: str) -> str:
    """The DNS name of a client in its certificate, which is also its user name."""
    return f"{name}.{namespace}.nats"


def controller(tenant: str | None) -> str:
    """The client that manages the streams of a tenant, or of the platform's own account."""
    return _CONTROLLER if tenant is None else f"{_CONTROLLER}-{tenant}"


def backup_client(tenant: str | None) -> str:
    """The client that backs up the streams of a tenant, or of the platform's own account."""
    return BACKUP if tenant is None else f"{BACKUP}-{tenant}"


def account_name(tenant: str | None) -> str:
    """The account of a tenant, or the platform's own."""
    return ACCOUNT if tenant is None else tenant


def accounts(settings: NatsSettings, namespace: str, dr_stack: str | None = None) -> dict[str, Any]:
    """The ``accounts`` block of servers in ``namespace``.

    In each account the JetStream controller has a user beside the applications, and so has each cluster
    that copies streams. The operator is a user of the system account (server reports, moving leaders).
    """
    copying = readers(settings, dr_stack)
    return {
        **{
            account_name(tenant): {
                **_limits(account),
                **_shared(settings, tenant),
                "users": [
                    *_users(
                        account,
                        controller=identity(controller(tenant), namespace),
                        backup=identity(backup_client(tenant), namespace) if settings.backup else None,
                    ),
                    *(
                        _leaf(settings.name, leaf_identity(stack, tenant, namespace), each)
                        for (stack, of), each in copying.items()
                        if of == tenant
                    ),
                ],
            }
            for tenant, account in settings.accounts()
        },
        SYSTEM_ACCOUNT: {"users": [{"user": identity(OPERATOR, namespace)}]},
    }


def _limits(account: AccountSettings) -> dict[str, Any]:
    if not isinstance(account, TenantSettings):
        return {"jetstream": "enabled"}
    connections = {} if account.connections is None else {"limits": {"max_connections": account.connections}}
    # The chart writes it without quotes, and Helm would make a float of a large number. Memory is
    # not a limit: there is none to store in.
    return {"jetstream": {"max_file": f"<< {int(account.storage) // 2**20}Mi >>"}, **connections}


def _shared(settings: NatsSettings, tenant: str | None) -> dict[str, Any]:
    """What the tenant gives to others, and what they give to it."""
    given = settings.tenants[tenant].shares if tenant is not None else {}
    exports = [{"stream": subject, "accounts": list(others)} for subject, others in given.items()]
    imports = [
        {"stream": {"account": other, "subject": subject}, "prefix": other}
        for other, theirs in settings.tenants.items()
        for subject, takers in theirs.shares.items()
        if tenant in takers
    ]
    return {**({"exports": exports} if exports else {}), **({"imports": imports} if imports else {})}


def _users(account: AccountSettings, *, controller: str, backup: str | None) -> list[dict[str, Any]]:
    return [
        # People back up and restore streams with the controller's certificate; the chunks and their
        # acknowledgements go beside the API.
        {"user": controller, "permissions": _permissions(["$JS.API.>", "$JS.SNAPSHOT.>"])},
        *([{"user": backup, "permissions": _permissions(_BACKUP_SUBJECTS)}] if backup else []),
        *({"user": identity(name, client.namespace), "permissions": _rights(client)} for name, client in account.clients.items()),
    ]


def _leaf(cluster: str, user: str, streams: Sequence[str]) -> dict[str, Any]:
    return {"user": user, "permissions": leaf_permissions(cluster, streams), "allowed_connection_types": ["LEAFNODE"]}


def _rights(client: ClientSettings) -> dict[str, Any]:
    reading = [subject for stream in client.consumes for subject in _consumer_subjects(stream)]
    keys = [subject for bucket, access in client.key_values.items() for subject in _key_value_subjects(bucket, access)]
    objects = [subject for bucket, access in client.object_stores.items() for subject in _object_subjects(bucket, access)]
    return _permissions(list(dict.fromkeys([*client.publishes, "$JS.API.INFO", *reading, *keys, *objects])))


def _consumer_subjects(stream: str) -> tuple[str, ...]:
    return (
        f"$JS.API.STREAM.INFO.{stream}",
        f"$JS.API.CONSUMER.INFO.{stream}.*",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*",
        f"$JS.ACK.{stream}.>",
    )


def _key_value_subjects(bucket: str, access: Access) -> Iterator[str]:
    yield from _bucket_subjects(key_value_stream(bucket))
    if access is Access.WRITE:
        yield f"$KV.{bucket}.>"


def _object_subjects(bucket: str, access: Access) -> Iterator[str]:
    yield from _bucket_subjects(object_stream(bucket))
    if access is Access.WRITE:
        yield f"$O.{bucket}.>"
        # The chunks of an object that is replaced or deleted.
        yield f"$JS.API.STREAM.PURGE.{object_stream(bucket)}"


def _bucket_subjects(stream: str) -> Iterator[str]:
    """What reads a bucket: single messages, and consumers of its own that end with it."""
    # Some client libraries look the stream up by its subject.
    yield "$JS.API.STREAM.NAMES"
    yield f"$JS.API.STREAM.INFO.{stream}"
    yield f"$JS.API.STREAM.MSG.GET.{stream}"
    yield f"$JS.API.DIRECT.GET.{stream}"
    yield f"$JS.API.DIRECT.GET.{stream}.>"
    yield f"$JS.API.CONSUMER.CREATE.{stream}"
    yield f"$JS.API.CONSUMER.CREATE.{stream}.>"
    yield f"$JS.API.CONSUMER.INFO.{stream}.*"
    yield f"$JS.API.CONSUMER.MSG.NEXT.{stream}.*"
    yield f"$JS.API.CONSUMER.DELETE.{stream}.*"
    yield f"$JS.FC.{stream}.>"


def _permissions(publish: list[str]) -> dict[str, Any]:
    return {"publish": {"allow": publish}, "subscribe": {"allow": [_INBOXES]}}
