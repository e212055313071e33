"""PostgreSQL on Amazon RDS: private, encrypted, backed up, watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import (
    AwsLocation,
    KeySpec,
    LogGroupSpec,
    encrypted_log_group,
    encryption_key,
    role_with_policies,
    service_trust,
)
from components.base import Component
from components.database.rds.alarms import create_alarms, create_topic
from components.database.rds.model import DatabaseSettings
from components.database.rds.parameters import parameters
from components.database.rds.sizing import DatabaseLimits, max_connections
from facts.postgres import ADMINISTRATOR

PORT: Final = 5432
_LOG_EXPORTS: Final = ("postgresql", "upgrade")
_MONITORING_SECONDS: Final = 60
_KEY_ID_PART: Final = 8


@dataclass(frozen=True, kw_only=True)
class RdsPostgresArgs:
    """What a PostgreSQL database needs to know beside its settings.

    Attributes:
        settings: what the user sets.
        location: the account and region.
        identifier: its physical name, ``<project>-<stack>`` (CLUS-006).
        vpc_id: the network.
        subnet_ids: the isolated subnets, in two zones at least.
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
    def limits(self) -> DatabaseLimits:
        """What alarms and alerts compare with."""
        return DatabaseLimits(max_connections=max_connections(self.settings.instance_class), allocated_gib=self.settings.storage_gib)

    @property
    def log_groups(self) -> Mapping[str, LogGroupSpec]:
        """Where RDS writes its logs: left to itself it makes the groups, unencrypted."""
        days = self.settings.log_retention.days
        return {export: LogGroupSpec(name=f"/aws/rds/instance/{self.identifier}/{export}", retention_days=days) for export in _LOG_EXPORTS}


class RdsPostgres(Component):
    """A PostgreSQL instance with its keys, network access, parameters, logs and alarms.

    RDS makes the administrator's password and keeps it in Secrets Manager: it is in no state and no
    setting (PG-013). Applications sign in with IAM.

    Attributes:
        address: host name.
        endpoint: ``<address>:<port>``.
        resource_id: for ``rds-db:connect`` in IAM policies.
        master_secret_arn: the administrator's credentials in Secrets Manager.
        security_group_id: what admits the clients.
        alarm_topic_arn: the SNS topic of the alarms.
    """

    address: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    resource_id: pulumi.Output[str]
    master_secret_arn: pulumi.Output[str | None]
    security_group_id: pulumi.Output[str]
    alarm_topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: RdsPostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        self._advise()
        security_group = self._create_security_group()
        instance = self._create_instance(security_group)
        topic = create_topic(self, args.settings.alarms, identifier=args.identifier, location=args.location, retain=args.retain)
        receivers: list[pulumi.Input[str]] = [topic.arn, *args.settings.alarms.topic_arns]
        create_alarms(self, args.limits, identifier=args.identifier, receivers=receivers, source=instance)

        self.address = instance.address
        self.endpoint = instance.endpoint
        self.resource_id = instance.resource_id
        self.master_secret_arn = instance.master_user_secrets.apply(lambda secrets: secrets[0].secret_arn)
        self.security_group_id = security_group.id
        self.alarm_topic_arn = topic.arn
        self.register_outputs(
            {
                "address": self.address,
                "endpoint": self.endpoint,
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
            aws.vpc.SecurityGroupIngressRule(
                self.child_name(f"from-{client}"),
                aws.vpc.SecurityGroupIngressRuleArgs(
                    security_group_id=group.id,
                    referenced_security_group_id=client_group,
                    ip_protocol="tcp",
                    from_port=PORT,
                    to_port=PORT,
                    description=f"PostgreSQL from {client}",
                ),
                self.child_options(),
            )
        return group

    def _create_parameter_groups(self) -> Mapping[int, aws.rds.ParameterGroup]:
        """One group a major: RDS refuses to delete the old one before the upgrade is through."""
        args = self._args
        majors = [args.settings.major, *([args.settings.upgrade_from] if args.settings.upgrade_from else [])]
        return {
            major: aws.rds.ParameterGroup(
                self.child_name(f"parameters-postgres{major}"),
                aws.rds.ParameterGroupArgs(
                    family=f"postgres{major}",
                    description=f"Parameters of {args.identifier}",
                    parameters=[
                        aws.rds.ParameterGroupParameterArgs(name=parameter.name, value=parameter.value, apply_method=parameter.apply_method)
                        for parameter in parameters(max_connections=args.limits.max_connections)
                    ],
                ),
                self.child_options(),
            )
            for major in majors
        }

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

    def _create_instance(self, security_group: aws.ec2.SecurityGroup) -> aws.rds.Instance:
        args, settings = self._args, self._args.settings
        subnets = aws.rds.SubnetGroup(
            self.child_name("subnets"),
            aws.rds.SubnetGroupArgs(subnet_ids=list(args.subnet_ids), description=f"Isolated subnets of {args.identifier}"),
            self.child_options(),
        )
        key = self._create_key("storage-key", "Encrypts storage, snapshots and query statistics of", outlives_stack=args.keep_data)
        monitoring_role, attachments = self._create_monitoring_role()
        snapshot_of = partial(final_snapshot_name, args.identifier)
        upgrading = settings.upgrade_from is not None
        return aws.rds.Instance(
            self.child_name("instance"),
            aws.rds.InstanceArgs(
                identifier=args.identifier,
                engine="postgres",
                engine_version=settings.engine_version,
                # A minor version that arrived by itself would be drift, which the next update
                # tries to undo.
                auto_minor_version_upgrade=False,
                allow_major_version_upgrade=upgrading or None,
                # A major upgrade in the maintenance window would happen without those who
                # prepared it.
                apply_immediately=upgrading or not args.keep_data,
                instance_class=settings.instance_class,
                storage_type="gp3",
                allocated_storage=settings.storage_gib,
                max_allocated_storage=settings.max_storage_gib,
                storage_encrypted=True,
                kms_key_id=key.arn,
                multi_az=settings.multi_az,
                db_name=settings.name,
                username=ADMINISTRATOR,
                manage_master_user_password=True,
                master_user_secret_kms_key_id=self._create_key("secret-key", "Encrypts the administrator's password of").arn,
                iam_database_authentication_enabled=True,
                port=PORT,
                publicly_accessible=False,
                db_subnet_group_name=subnets.name,
                vpc_security_group_ids=[security_group.id],
                parameter_group_name=self._create_parameter_groups()[settings.major].name,
                ca_cert_identifier="rds-ca-rsa2048-g1",
                backup_retention_period=settings.backup_retention.days,
                backup_window=settings.backup_window,
                maintenance_window=settings.maintenance_window,
                copy_tags_to_snapshot=True,
                deletion_protection=args.retain,
                delete_automated_backups=not args.keep_data,
                skip_final_snapshot=not args.keep_data,
                final_snapshot_identifier=key.key_id.apply(snapshot_of) if args.keep_data else None,
                enabled_cloudwatch_logs_exports=list(_LOG_EXPORTS),
                monitoring_interval=_MONITORING_SECONDS,
                monitoring_role_arn=monitoring_role.arn,
                database_insights_mode=settings.insights_mode,
                performance_insights_enabled=True,
                performance_insights_kms_key_id=key.arn,
                performance_insights_retention_period=settings.insights_retention.days,
            ),
            self.child_options(
                depends_on=[*attachments, *self._create_log_groups()],
                # Creation with a standby, changes of storage and the final snapshot take longer than
                # the provider's defaults allow.
                custom_timeouts=pulumi.CustomTimeouts(create="90m", update="3h", delete="3h"),
                protect=args.retain,
            ),
        )


def final_snapshot_name(identifier: str, key_id: str) -> str:
    """A name of its own for each creation, since snapshots stay and RDS refuses a name twice.

    ``key_id`` is the id of the storage's KMS key, which is created with the instance: its beginning
    is the part that differs.
    """
    return f"{identifier}-final-{key_id[:_KEY_ID_PART]}"
