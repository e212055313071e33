"""PostgreSQL on Amazon RDS: private, encrypted, backed up, watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.aws import (
    KeySpec,
    encrypted_log_group,
    encryption_key,
    role_with_policies,
    service_trust,
)
from components.base import Component
from components.database.rds.admission import PORT, admit
from components.database.rds.alarms import create_alarms, create_topic
from components.database.rds.arguments import LOG_EXPORTS, RdsPostgresArgs
from components.database.rds.cluster import create_cluster
from components.database.rds.instance import create_instance
from components.database.rds.server import Server
from components.database.recovery import recovery_tags

_MONITORING_SECONDS: Final = 60
_KEY_ID_PART: Final = 8


class RdsPostgres(Component):
    """A PostgreSQL instance or Multi-AZ DB cluster with its keys, network access, parameters, logs and alarms.

    RDS makes the administrator's password and keeps it in Secrets Manager: it is in no state and no
    setting (PG-013). Applications sign in with IAM.

    Attributes:
        identifier: of the instance or cluster, once it is there.
        arn: likewise.
        address: host name for reading and writing.
        reader_address: host name of the readable standbys; None where there are none.
        resource_id: for ``rds-db:connect`` in IAM policies.
        master_secret_arn: the administrator's credentials in Secrets Manager.
        security_group_id: what admits the clients.
        alarm_topic_arn: the SNS topic of the alarms.
        alarm_receivers: ARNs of all topics that alarms go to.
    """

    identifier: pulumi.Output[str]
    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    reader_address: pulumi.Output[str] | None
    resource_id: pulumi.Output[str]
    master_secret_arn: pulumi.Output[str | None]
    security_group_id: pulumi.Output[str]
    alarm_topic_arn: pulumi.Output[str]
    alarm_receivers: Sequence[pulumi.Input[str]]

    def __init__(self, name: str, args: RdsPostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        self._advise()
        security_group = self._create_security_group()
        server = self._create_server(security_group)
        topic = create_topic(self, args.settings.alarms, identifier=args.identifier, location=args.location, retain=args.retain)
        self.alarm_receivers = [topic.arn, *args.settings.alarms.topic_arns]
        create_alarms(self, args.limits, instances=args.instances, receivers=self.alarm_receivers, source=server.resource)

        self.identifier = server.identifier
        self.arn = server.arn
        self.address = server.address
        self.reader_address = server.reader_address
        self.resource_id = server.resource_id
        self.master_secret_arn = server.secret_arn
        self.security_group_id = security_group.id
        self.alarm_topic_arn = topic.arn
        self.register_outputs(
            {
                "identifier": self.identifier,
                "arn": self.arn,
                "address": self.address,
                "reader_address": self.reader_address,
                "resource_id": self.resource_id,
                "master_secret_arn": self.master_secret_arn,
                "security_group_id": self.security_group_id,
                "alarm_topic_arn": self.alarm_topic_arn,
            }
        )

    def _advise(self) -> None:
        settings = self._args.settings
        if settings.newer_version:
            pulumi.log.warn(
                f"PostgreSQL {settings.engine_version} lacks the fixes of {settings.newer_version}, and RDS upgrades what it no longer "
                f"supports by itself. Set engineVersion to {settings.newer_version} (runbooks/database-minor-upgrade.md)",
                self,
            )

    def _create_key(self, role: str, purpose: str, *, outlives_stack: bool = False) -> aws.kms.Key:
        spec = KeySpec(role=role, description=f"{purpose} {self._args.identifier}", outlives_stack=outlives_stack)
        return encryption_key(self, spec, location=self._args.location, retain=self._args.retain)

    def _create_security_group(self) -> aws.ec2.SecurityGroup:
        args = self._args
        # Without any egress rule: a database answers, it does not call.
        group = aws.ec2.SecurityGroup(
            self.child_name("security-group"),
            aws.ec2.SecurityGroupArgs(
                vpc_id=args.vpc_id, description=f"Clients of the database {args.identifier}", tags={"Name": args.identifier}
            ),
            self.child_options(),
        )
        for client, client_group in args.client_security_groups.items():
            admit(self, f"from-{client}", into=group.id, group=client_group, description=f"PostgreSQL from {client}")
        return group

    def _create_monitoring_role(self) -> tuple[aws.iam.Role, Sequence[pulumi.Resource]]:
        location = self._args.location
        return role_with_policies(
            self,
            "monitoring",
            description=f"Enhanced monitoring of {self._args.identifier}",
            trust=service_trust("monitoring.rds.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": location.account_id}}),
            policy_arns={"policy": location.managed_policy("service-role/AmazonRDSEnhancedMonitoringRole")},
        )

    def _create_log_groups(self) -> Sequence[aws.cloudwatch.LogGroup]:
        args = self._args
        return [
            encrypted_log_group(self, f"{export}-logs", spec, location=args.location, retain=args.retain)
            for export, spec in args.log_groups.items()
        ]

    def _create_server(self, security_group: aws.ec2.SecurityGroup) -> Server:
        args, settings = self._args, self._args.settings
        monitoring_role, attachments = self._create_monitoring_role()
        options = self.child_options(
            depends_on=[*attachments, *self._create_log_groups()],
            # Creation with a standby, changes of storage and the final snapshot take longer than
            # the provider's defaults allow.
            custom_timeouts=pulumi.CustomTimeouts(create="90m", update="3h", delete="3h"),
            protect=args.retain,
        )
        create = create_cluster if settings.readable_standbys else create_instance
        return create(self, args, self._inputs(security_group, monitoring_role), options)

    def _inputs(self, security_group: aws.ec2.SecurityGroup, monitoring_role: aws.iam.Role) -> Mapping[str, Any]:
        """What instances and clusters are told under the same names."""
        args, settings = self._args, self._args.settings
        subnets = aws.rds.SubnetGroup(
            self.child_name("subnets"),
            aws.rds.SubnetGroupArgs(subnet_ids=list(args.subnet_ids), description=f"Isolated subnets of {args.identifier}"),
            self.child_options(),
        )
        key = self._create_key("storage-key", "Encrypts storage, snapshots and query statistics of", outlives_stack=args.keep_data)
        upgrading = settings.upgrade_from is not None
        # An instance and the cluster that follows it share the key, and with it the rest of the name.
        snapshot = f"{args.identifier}-cluster" if settings.readable_standbys else args.identifier
        return {
            "engine": "postgres",
            "engine_version": settings.engine_version,
            # A minor version that arrived by itself would be drift, which the next update tries to
            # undo.
            "auto_minor_version_upgrade": False,
            "allow_major_version_upgrade": upgrading or None,
            # A major upgrade in the maintenance window would happen without those who prepared it.
            "apply_immediately": upgrading or not args.keep_data,
            "storage_type": "gp3",
            "allocated_storage": settings.storage_gib,
            "storage_encrypted": True,
            "kms_key_id": key.arn,
            "manage_master_user_password": True,
            "master_user_secret_kms_key_id": self._create_key("secret-key", "Encrypts the administrator's password of").arn,
            "iam_database_authentication_enabled": True,
            "port": PORT,
            "publicly_accessible": False,
            "db_subnet_group_name": subnets.name,
            "vpc_security_group_ids": [security_group.id],
            "backup_retention_period": settings.backup_retention.days,
            "copy_tags_to_snapshot": True,
            "tags": recovery_tags(settings.recovery),
            "deletion_protection": args.retain,
            "delete_automated_backups": not args.keep_data,
            "skip_final_snapshot": not args.keep_data,
            "final_snapshot_identifier": key.key_id.apply(partial(final_snapshot_name, snapshot)) if args.keep_data else None,
            "enabled_cloudwatch_logs_exports": list(LOG_EXPORTS),
            "monitoring_interval": _MONITORING_SECONDS,
            "monitoring_role_arn": monitoring_role.arn,
            "database_insights_mode": settings.insights_mode,
            "performance_insights_enabled": True,
            "performance_insights_kms_key_id": key.arn,
            "performance_insights_retention_period": settings.insights_retention.days,
        }


def final_snapshot_name(identifier: str, key_id: str) -> str:
    """A name of its own for each creation, since snapshots stay and RDS refuses a name twice.

    ``key_id`` is the id of the storage's KMS key, which is created with the database: its beginning
    is the part that differs.
    """
    return f"{identifier}-final-{key_id[:_KEY_ID_PART]}"
