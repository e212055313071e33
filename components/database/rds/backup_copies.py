"""The database's backups in a second region: snapshots and changes, to any moment within their retention (PG-012)."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, KeySpec, encryption_key
from components.base import Component


@dataclass(frozen=True, kw_only=True)
class RdsBackupCopiesArgs:
    """Copies of the backups of one instance.

    Attributes:
        location: the account, and the region that the copies are in.
        identifier: of the instance.
        source_arn: likewise.
        retention_days: how long they are kept, 1 to 35.
        keep_data: whether copies that outlive their database can still be opened.
        retain: protect their key.
    """

    location: AwsLocation
    identifier: str
    source_arn: pulumi.Input[str]
    retention_days: int
    keep_data: bool
    retain: bool


class RdsBackupCopies(Component):
    """RDS copies what it backs up as soon as it is there. ``opts`` bring the AWS provider of the second region.

    A restore there is to any moment up to 5 to 30 minutes ago (AWS Prescriptive Guidance, "Amazon RDS
    PITR snapshot replication"). Copies that were made stay until their retention is over.
    """

    def __init__(self, name: str, args: RdsBackupCopiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        key = encryption_key(
            self,
            KeySpec(role="key", description=f"Encrypts the copied backups of {args.identifier}", outlives_stack=args.keep_data),
            location=args.location,
            retain=args.retain,
        )
        aws.rds.InstanceAutomatedBackupsReplication(
            self.child_name("replication"),
            aws.rds.InstanceAutomatedBackupsReplicationArgs(
                source_db_instance_arn=args.source_arn, kms_key_id=key.arn, retention_period=args.retention_days
            ),
            # Nothing of it can be changed, and there is one for each database at a time. It holds no copy itself:
            # those that are there stay until their retention is over. The first is that of a whole snapshot.
            self.child_options(delete_before_replace=True, custom_timeouts=pulumi.CustomTimeouts(create="6h", delete="2h")),
        )
        self.register_outputs({})
