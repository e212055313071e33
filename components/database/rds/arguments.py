"""What a PostgreSQL database on RDS is made from, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pulumi

from components.aws import AwsLocation, LogGroupSpec
from components.database.rds.model import CLUSTER_ZONES, DatabaseSettings
from components.database.rds.pool import Pool
from components.database.rds.sizing import DatabaseLimits, max_connections

LOG_EXPORTS: Final = ("postgresql", "upgrade")


@dataclass(frozen=True, kw_only=True)
class RdsPostgresArgs:
    """What a PostgreSQL database needs to know beside its settings.

    Attributes:
        settings: what the user sets.
        location: the account and region.
        identifier: its physical name, ``<project>-<stack>`` (CLUS-006).
        vpc_id: the network.
        subnet_ids: the isolated subnets, in two zones at least, in three where the standbys are readable.
        client_security_groups: who may connect: security group ids by a short name, such as
            ``{"cluster": …}`` (PG-015).
        retain: refuse deletion, in Pulumi and in RDS (PG-005).
        keep_data: what a deletion leaves behind: a final snapshot, the automated backups and the key
            that opens them; without it changes do not wait for the maintenance window.
    """

    settings: DatabaseSettings
    location: AwsLocation
    identifier: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    client_security_groups: Mapping[str, pulumi.Input[str]]
    retain: bool
    keep_data: bool

    @property
    def instances(self) -> Sequence[str]:
        """The identifiers of the instances, by which CloudWatch knows them.

        RDS names those of a Multi-AZ DB cluster itself, and any of them may be the writer.
        """
        if not self.settings.readable_standbys:
            return (self.identifier,)
        return tuple(f"{self.identifier}-instance-{number}" for number in range(1, CLUSTER_ZONES + 1))

    @property
    def limits(self) -> DatabaseLimits:
        """What alarms and alerts compare with, the same for each instance."""
        return DatabaseLimits(
            max_connections=max_connections(self.settings.instance_class),
            allocated_gib=self.settings.storage_gib,
            grows=self.settings.max_storage is not None,
        )

    @property
    def pool(self) -> Pool:
        """The pool before it, where its settings ask for one."""
        return Pool(name=self.identifier, max_connections=self.limits.max_connections, readable_standbys=self.settings.readable_standbys)

    @property
    def log_groups(self) -> Mapping[str, LogGroupSpec]:
        """Where RDS writes its logs: left to itself it makes the groups, unencrypted."""
        kind = "cluster" if self.settings.readable_standbys else "instance"
        days = self.settings.log_retention.days
        return {export: LogGroupSpec(name=f"/aws/rds/{kind}/{self.identifier}/{export}", retention_days=days) for export in LOG_EXPORTS}
