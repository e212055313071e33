"""What of NATS is backed up, where to, and what that needs.

One pod a day takes one stream after the other: a snapshot with its consumers onto a volume of its own,
from there into the store, and off the volume. ``backup.json`` arrives last: what lacks it is not a backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from components.kubernetes import NAME_LABEL
from components.messaging.nats.access import BACKUP, account_name
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.backup_model import BackupSettings
from components.messaging.nats.links import dead_letter_stream, key_value_stream, object_stream
from components.pods import parse_resources
from components.storage.object_store import ObjectStore, StoreUser
from components.storage.object_store_model import BACKUPS

BACKUP_PODS: Final = {NAME_LABEL: BACKUP}
"""By what network policies know its pods."""
BACKUP_RESOURCES: Final = parse_resources("100m", "256Mi", cpu_limit="1", memory_limit="512Mi")
"""Of the pod: its containers run one after the other."""
PREFIX: Final = "nats"


@dataclass(frozen=True, kw_only=True)
class BackedUp:
    """A stream that is backed up: of which tenant, and its name as the server has it."""

    tenant: str | None
    stream: str

    @property
    def place(self) -> str:
        """Below what its backups are in the store."""
        return f"{account_name(self.tenant)}/{self.stream}"


def backed_up(args: NatsArgs) -> Iterator[BackedUp]:
    """All that is backed up: not what is copied from another cluster, which has backups of it."""
    for tenant, account in args.settings.accounts():
        for name, stream in account.streams.items():
            yield BackedUp(tenant=tenant, stream=name)
            if stream.has_dead_letters:
                yield BackedUp(tenant=tenant, stream=dead_letter_stream(name))
        for name, keys in account.key_values.items():
            if not keys.mirror:
                yield BackedUp(tenant=tenant, stream=key_value_stream(name))
        for name, objects in account.object_stores.items():
            if not objects.mirror:
                yield BackedUp(tenant=tenant, stream=object_stream(name))


def backup_store(args: NatsArgs) -> tuple[BackupSettings, ObjectStore] | None:
    """What backups are to be and where they go; None where there are none."""
    if args.settings.backup is None or args.store is None or not any(backed_up(args)):
        return None
    return args.settings.backup, args.store


def store_user(namespace: str) -> StoreUser:
    """Who writes into the store."""
    return StoreUser(name=BACKUP, store=BACKUPS, namespace=namespace, service_account=BACKUP, prefix=PREFIX)
