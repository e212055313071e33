"""Reads all that is a stack's in an account, and goes on where one thing cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from accounts.aws.failures import failures
from accounts.errors import CloudError, MissingRightError
from verification.aws import clusters, databases, keeping, networks, pools
from verification.aws.scope import Scope
from verification.live import LiveResource, Reading


@dataclass(frozen=True)
class _Section:
    """What is asked for in one go: of which service, and the types that cannot be missed where it fails."""

    service: str
    read: Callable[[Scope], Iterator[LiveResource]]
    types: tuple[str, ...]


SECTIONS: Final[Mapping[str, _Section]] = {
    "databases": _Section("rds", databases.read_databases, databases.TYPES),
    "database pools": _Section("rds", pools.read_pools, pools.TYPES),
    "clusters": _Section("eks", clusters.read_clusters, (clusters.CLUSTER,)),
    "node groups": _Section("eks", clusters.read_node_groups, (clusters.NODE_GROUP,)),
    "add-ons": _Section("eks", clusters.read_addons, (clusters.ADDON,)),
    "security groups": _Section("ec2", networks.read_security_groups, (networks.GROUP,)),
    "ways into the network": _Section("ec2", networks.read_ways_in, (networks.ATTACHMENT,)),
    "keys": _Section("kms", keeping.read_keys, (keeping.KEY,)),
    "volumes and snapshots": _Section("ec2", keeping.read_volumes, (keeping.VOLUME, keeping.SNAPSHOT, keeping.DEFAULT_ENCRYPTION)),
    "buckets": _Section("s3", keeping.read_buckets, (keeping.BUCKET,)),
    "log groups": _Section("logs", keeping.read_log_groups, (keeping.LOG_GROUP,)),
    "backup plans and vaults": _Section("backup", keeping.read_backups, (keeping.BACKUP_PLAN, keeping.BACKUP_VAULT)),
}


def read_account(scope: Scope, progress: Callable[[str], object] = lambda _: None) -> Reading:
    """Everything of the stack; what fails is a gap, and the rest is read all the same.

    Raises:
        AccountError: the credentials expire meanwhile.
    """
    reading = Reading()
    for name, section in SECTIONS.items():
        progress(f"Reading {name}")
        found: list[LiveResource] = []
        try:
            with failures(section.service):
                found.extend(section.read(scope))
        except MissingRightError as right:
            reading.gaps[name] = f"the right {right} is missing"
        except CloudError as error:
            reading.gaps[name] = str(error)
        if name in reading.gaps:
            reading.unread_types.update(section.types)
        reading.looked_at[name] = len(found)
        reading.resources.extend(found)
    return reading
