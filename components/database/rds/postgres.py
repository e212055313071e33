"""PostgreSQL on Amazon RDS: private, encrypted, backed up, watched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.aws import (
    AwsLocation,
    KeySpec,
    LogGroupSpec,
    encrypted_log_group,
    encryption_key,
    retention_options,
    role_with_policies,
    service_trust,
)
from components.base import Component, ComponentError
from components.database.rds.alarms import create_alarms, create_topic
from components.database.rds.insights import check_insights_retention, insights_mode
from components.database.rds.parameters import major_of, parameters
from components.database.rds.sizing import PRIMARY, DatabaseInstance, DatabaseLimits, max_connections
from facts.aws import MAX_BACKUP_DAYS, MAX_READ_REPLICAS
from facts.windows import check_windows

PORT: Final = 5432
ADMINISTRATOR: Final = "platform_admin"
_LOG_EXPORTS: Final = ("postgresql", "upgrade")
_MONITORING_SECONDS: Final = 60


class DatabaseError(ComponentError):
    """A database that RDS would refuse or that could not be restored."""


@dataclass(frozen=True, kw_only=True)
class RdsPostgresArgs:
    """What a PostgreSQL database needs to know.

    Attributes:
        region: where it is.
        account_id: whose it is.
        identifier: its physical name, ``<project>-<environment>`` (CLUS-006).
        database_name: the database that is created within it.
        engine_version: exact, such as ``17.6`` (PG-003).
        instance_class: of the primary and of each replica.
        allocated_storage_gib: the storage to begin with.
        max_allocated_storage_gib: how far it may grow by itself.
        multi_az: keep a synchronous standby in another zone (PG-002).
        read_replicas: asynchronous copies that can be read from.
        vpc_id: the network.
        subnet_ids: the isolated subnets, in two zones at least.
        client_security_groups: who may connect: security group ids by a short name, such as ``{"cluster": …}`` (PG-015).
        backup_retention_days: 1 to 35 days to any point of which it can be restored (PG-004, PG-007).
        backup_window: daily, UTC, ``03:00-04:00`` (PG-006).
        maintenance_window: weekly, UTC, ``sun:04:30-sun:05:30``.
        insights_retention_days: 7, a multiple of 31 up to 713, or 731 (PG-014).
        log_retention_days: of PostgreSQL's logs in CloudWatch.
        retain: refuse deletion, keep the data, change only in the maintenance window (PG-005).

    Raises:
        DatabaseError: sizes, replicas or retention contradict each other or what RDS allows.
        EngineVersionError: the version is not exact or not supported.
        InstanceClassError: the memory of the class is not known.
        InsightsRetentionError: RDS offers no such retention.
        LogRetentionError: CloudWatch Logs does not offer that retention.
        WindowError: the windows are malformed or overlap.
    """

    region: str
    account_id: str
    identifier: str
    database_name: str
    engine_version: str
    instance_class: str
    allocated_storage_gib: int
    max_allocated_storage_gib: int
    multi_az: bool
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    client_security_groups: Mapping[str, pulumi.Input[str]]
    backup_retention_days: int
    backup_window: str
    maintenance_window: str
    insights_retention_days: int
    log_retention_days: int
    retain: bool
    read_replicas: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.backup_retention_days <= MAX_BACKUP_DAYS:
            raise DatabaseError(
                f"backup retention of {self.backup_retention_days} days: RDS keeps 1 to {MAX_BACKUP_DAYS}; 0 would turn backups off"
            )
        if self.max_allocated_storage_gib * 10 < self.allocated_storage_gib * 11:
            raise DatabaseError(
                f"storage grows from {self.allocated_storage_gib} to {self.max_allocated_storage_gib} GiB: RDS asks for at least 10 % more"
            )
        if not 0 <= self.read_replicas <= MAX_READ_REPLICAS:
            raise DatabaseError(f"{self.read_replicas} read replicas: RDS allows 0 to {MAX_READ_REPLICAS}")
        check_windows(self.backup_window, self.maintenance_window)
        check_insights_retention(self.insights_retention_days)
        _ = self.family, self.limits, [self.log_groups(instance) for instance in self.instances]

    @property
    def location(self) -> AwsLocation:
        """Where the database is."""
        return AwsLocation(region=self.region, account_id=self.account_id)

    @property
    def family(self) -> str:
        """The family of the parameter group, such as ``postgres17``."""
        return f"postgres{major_of(self.engine_version)}"

    @property
    def limits(self) -> DatabaseLimits:
        """What alarms and alerts compare with."""
        return DatabaseLimits(max_connections=max_connections(self.instance_class), allocated_gib=self.allocated_storage_gib)

    @property
    def instances(self) -> Sequence[DatabaseInstance]:
        """The primary, then its replicas."""
        replicas = [f"replica-{number}" for number in range(1, self.read_replicas + 1)]
        return (
            DatabaseInstance(identifier=self.identifier, role=PRIMARY),
            *(DatabaseInstance(identifier=f"{self.identifier}-{role}", role=role) for role in replicas),
        )

    def log_groups(self, instance: DatabaseInstance) -> Mapping[str, LogGroupSpec]:
        """Where RDS writes each log of an instance: it would create these groups itself, unencrypted and kept for ever."""
        return {
            export: LogGroupSpec(name=f"/aws/rds/instance/{instance.identifier}/{export}", retention_days=self.log_retention_days)
            for export in _LOG_EXPORTS
        }


class RdsPostgres(Component):
    """A PostgreSQL instance with its keys, network access, parameters, logs, alarms and replicas.

    RDS makes the administrator's password and keeps it in Secrets Manager: it is in no state and no setting (PG-013). Applications
    sign in with IAM.

    Attributes:
        identifier: of the primary.
        address: host name of the primary.
        endpoint: ``<address>:<port>``.
        port: TCP port of all instances.
        database_name: the database that was created.
        replica_addresses: host names of the replicas.
        resource_id: of the primary, for ``rds-db:connect`` in IAM policies.
        master_secret_arn: the administrator's credentials in Secrets Manager.
        security_group_id: what admits the clients.
        alarm_topic_arn: the SNS topic to subscribe to.
    """

    identifier: str
    address: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    port: int
    database_name: str
    replica_addresses: list[pulumi.Output[str]]
    resource_id: pulumi.Output[str]
    master_secret_arn: pulumi.Output[str | None]
    security_group_id: pulumi.Output[str]
    alarm_topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: RdsPostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        security_group = self._create_security_group()
        self._key = self._create_key("storage-key", "Encrypts storage, snapshots and query statistics of")
        common = self._common(security_group)
        first, *others = args.instances
        primary = self._create_primary(first, common)
        replicas = {replica: self._create_replica(replica, primary, common) for replica in others}
        topic = create_topic(self, identifier=args.identifier, location=args.location, retain=args.retain)
        for instance, created in {first: primary, **replicas}.items():
            create_alarms(self, instance, args.limits, topic_arn=topic.arn, source=created)

        self.identifier = args.identifier
        self.address = primary.address
        self.endpoint = primary.endpoint
        self.port = PORT
        self.database_name = args.database_name
        self.replica_addresses = [replica.address for replica in replicas.values()]
        self.resource_id = primary.resource_id
        self.master_secret_arn = primary.master_user_secrets.apply(lambda secrets: secrets[0].secret_arn)
        self.security_group_id = security_group.id
        self.alarm_topic_arn = topic.arn
        self.register_outputs(
            {
                "identifier": self.identifier,
                "address": self.address,
                "endpoint": self.endpoint,
                "port": self.port,
                "database_name": self.database_name,
                "replica_addresses": self.replica_addresses,
                "resource_id": self.resource_id,
                "master_secret_arn": self.master_secret_arn,
                "security_group_id": self.security_group_id,
                "alarm_topic_arn": self.alarm_topic_arn,
            }
        )

    def _create_key(self, role: str, purpose: str) -> aws.kms.Key:
        spec = KeySpec(role=role, description=f"{purpose} {self._args.identifier}")
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

    def _create_parameter_group(self) -> aws.rds.ParameterGroup:
        args = self._args
        return aws.rds.ParameterGroup(
            self.child_name("parameters"),
            aws.rds.ParameterGroupArgs(
                family=args.family,
                description=f"Parameters of {args.identifier}",
                parameters=[
                    aws.rds.ParameterGroupParameterArgs(name=parameter.name, value=parameter.value, apply_method=parameter.apply_method)
                    for parameter in parameters(max_connections=args.limits.max_connections)
                ],
            ),
            self.child_options(),
        )

    def _create_monitoring_role(self) -> tuple[aws.iam.Role, Sequence[pulumi.Resource]]:
        location = self._args.location
        return role_with_policies(
            self,
            "monitoring",
            description=f"Enhanced monitoring of {self._args.identifier}",
            trust=service_trust("monitoring.rds.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": location.account_id}}),
            policy_arns={"policy": location.managed_policy("service-role/AmazonRDSEnhancedMonitoringRole")},
        )

    def _common(self, security_group: aws.ec2.SecurityGroup) -> _Common:
        args = self._args
        role, attachments = self._create_monitoring_role()
        return _Common(
            after=attachments,
            settings={
                "instance_class": args.instance_class,
                "storage_type": "gp3",
                "storage_encrypted": True,
                "max_allocated_storage": args.max_allocated_storage_gib,
                "port": PORT,
                "publicly_accessible": False,
                "vpc_security_group_ids": [security_group.id],
                "parameter_group_name": self._create_parameter_group().name,
                "ca_cert_identifier": "rds-ca-rsa2048-g1",
                "iam_database_authentication_enabled": True,
                "maintenance_window": args.maintenance_window,
                # The version is exact: a minor one that arrived by itself would be drift that the next update tries to undo.
                "auto_minor_version_upgrade": False,
                "apply_immediately": not args.retain,
                "copy_tags_to_snapshot": True,
                "deletion_protection": args.retain,
                "delete_automated_backups": not args.retain,
                "enabled_cloudwatch_logs_exports": list(_LOG_EXPORTS),
                "monitoring_interval": _MONITORING_SECONDS,
                "monitoring_role_arn": role.arn,
                "database_insights_mode": insights_mode(args.insights_retention_days),
                "performance_insights_enabled": True,
                "performance_insights_kms_key_id": self._key.arn,
                "performance_insights_retention_period": args.insights_retention_days,
            },
        )

    def _create_primary(self, instance: DatabaseInstance, common: _Common) -> aws.rds.Instance:
        args = self._args
        subnets = aws.rds.SubnetGroup(
            self.child_name("subnets"),
            aws.rds.SubnetGroupArgs(subnet_ids=list(args.subnet_ids), description=f"Isolated subnets of {args.identifier}"),
            self.child_options(),
        )
        return aws.rds.Instance(
            self.child_name(instance.role),
            aws.rds.InstanceArgs(
                identifier=instance.identifier,
                engine="postgres",
                engine_version=args.engine_version,
                db_name=args.database_name,
                username=ADMINISTRATOR,
                manage_master_user_password=True,
                master_user_secret_kms_key_id=self._create_key("secret-key", "Encrypts the administrator's password of").arn,
                allocated_storage=args.allocated_storage_gib,
                kms_key_id=self._key.arn,
                multi_az=args.multi_az,
                db_subnet_group_name=subnets.name,
                backup_retention_period=args.backup_retention_days,
                backup_window=args.backup_window,
                skip_final_snapshot=not args.retain,
                final_snapshot_identifier=f"{instance.identifier}-final" if args.retain else None,
                **common.settings,
            ),
            self._instance_options(instance, common),
        )

    def _create_replica(self, instance: DatabaseInstance, primary: aws.rds.Instance, common: _Common) -> aws.rds.Instance:
        """A replica takes engine, storage key and subnets from its source; RDS takes no final snapshot of one."""
        return aws.rds.Instance(
            self.child_name(instance.role),
            aws.rds.InstanceArgs(
                identifier=instance.identifier, replicate_source_db=primary.identifier, skip_final_snapshot=True, **common.settings
            ),
            self._instance_options(instance, common),
        )

    def _instance_options(self, instance: DatabaseInstance, common: _Common) -> pulumi.ResourceOptions:
        args = self._args
        logs = [
            encrypted_log_group(
                self,
                f"{instance.role}-{export}-logs",
                spec,
                location=args.location,
                retain=args.retain,
            )
            for export, spec in args.log_groups(instance).items()
        ]
        return self.child_options(
            depends_on=[*common.after, *logs],
            # Creation with a standby, changes of storage and the final snapshot take longer than the provider's defaults allow.
            custom_timeouts=pulumi.CustomTimeouts(create="90m", update="3h", delete="3h"),
            **retention_options(retain=args.retain),
        )


@dataclass(frozen=True, kw_only=True)
class _Common:
    """What the primary and its replicas share: settings of ``InstanceArgs``, and what must exist before them."""

    settings: Mapping[str, Any]
    after: Sequence[pulumi.Resource]
