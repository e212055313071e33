"""RDS Proxy: the pool through which applications reach the database (PG-009)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, LogGroupSpec, encrypted_log_group, service_trust
from components.base import Component
from components.database.rds.admission import PORT, admit
from components.database.rds.alarms import create_alarm
from components.database.rds.pool import BORROW_SECONDS, Pool, ProxyRole, pool_alarms
from components.database.rds.sign_in import connect_policy

_IDLE_SECONDS: Final = 1800
_POLICY: Final = "connect"
_CREATION: Final = "60m"


@dataclass(frozen=True, kw_only=True)
class RdsProxyArgs:
    """A pool before one database.

    Attributes:
        pool: its name and how many connections it may have.
        location: the account and region.
        vpc_id: the network.
        subnet_ids: isolated subnets, in two zones at least.
        client_security_groups: who may connect: security group ids by a short name.
        database_group_id: the security group of the database.
        database_identifier: of the database, once it is there.
        resource_id: ``RdsPostgres.resource_id``.
        users: the database users that sign in through it.
        log_retention_days: of its log, one of CloudWatch's.
        alarm_receivers: ARNs of SNS topics.
        retain: protect its log.
    """

    pool: Pool
    location: AwsLocation
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    client_security_groups: Mapping[str, pulumi.Input[str]]
    database_group_id: pulumi.Input[str]
    database_identifier: pulumi.Input[str]
    resource_id: pulumi.Input[str]
    users: Sequence[str]
    log_retention_days: int
    alarm_receivers: Sequence[pulumi.Input[str]]
    retain: bool


class RdsProxy(Component):
    """A proxy that lets in whom IAM lets in, and signs in to the database by IAM itself: nobody has a password.

    Its certificate is of Amazon's public authority, not of that of RDS. ``opts`` bring the AWS provider.

    Attributes:
        address: host name for reading and writing.
        reader_address: host name of a pool before the readable standbys; None where there are none.
        resource_id: for ``rds-db:connect`` in IAM policies.
    """

    address: pulumi.Output[str]
    reader_address: pulumi.Output[str] | None
    resource_id: pulumi.Output[str]

    def __init__(self, name: str, args: RdsProxyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        group = self._create_security_group()
        proxy = self._create_proxy(group)
        target = self._create_target(proxy)
        self.address = proxy.endpoint
        self.reader_address = self._create_reader(proxy, group, target) if args.pool.readable_standbys else None
        # arn:aws:rds:<region>:<account>:db-proxy:prx-…
        self.resource_id = proxy.arn.apply(lambda arn: arn.rpartition(":")[2])
        for role, alarm in pool_alarms(args.pool):
            create_alarm(
                self,
                f"alarm-{alarm.role}",
                alarm,
                name=f"{args.pool.name}-{alarm.role}",
                dimensions=args.pool.dimensions(role),
                receivers=args.alarm_receivers,
                source=target,
            )
        self.register_outputs({"address": self.address, "reader_address": self.reader_address, "resource_id": self.resource_id})

    def _create_security_group(self) -> aws.ec2.SecurityGroup:
        args = self._args
        group = aws.ec2.SecurityGroup(
            self.child_name("security-group"),
            aws.ec2.SecurityGroupArgs(vpc_id=args.vpc_id, description=f"The pool {args.pool.name}", tags={"Name": args.pool.name}),
            self.child_options(),
        )
        for client, client_group in args.client_security_groups.items():
            admit(self, f"from-{client}", into=group.id, group=client_group, description=f"PostgreSQL from {client}")
        admit(self, "to-database", into=args.database_group_id, group=group.id, description=f"PostgreSQL from the pool {args.pool.name}")
        aws.vpc.SecurityGroupEgressRule(
            self.child_name("egress"),
            aws.vpc.SecurityGroupEgressRuleArgs(
                security_group_id=group.id,
                referenced_security_group_id=args.database_group_id,
                ip_protocol="tcp",
                from_port=PORT,
                to_port=PORT,
                description="PostgreSQL to the database",
            ),
            self.child_options(),
        )
        return group

    def _create_role(self) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        args = self._args
        role = aws.iam.Role(
            self.child_name("role"),
            aws.iam.RoleArgs(
                description=f"The pool {args.pool.name} signs in to its database",
                assume_role_policy=service_trust(
                    "rds.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": args.location.account_id}}
                ),
            ),
            self.child_options(),
        )
        if not args.users:
            return role, []
        policy = aws.iam.RolePolicy(
            self.child_name("role-policy"),
            aws.iam.RolePolicyArgs(name=_POLICY, role=role.name, policy=connect_policy(args.location, [args.resource_id], args.users)),
            self.child_options(),
        )
        return role, [policy]

    def _create_proxy(self, group: aws.ec2.SecurityGroup) -> aws.rds.Proxy:
        args = self._args
        role, policies = self._create_role()
        # Left to itself RDS makes the group, unencrypted and for ever.
        logs = encrypted_log_group(
            self,
            "logs",
            LogGroupSpec(name=f"/aws/rds/proxy/{args.pool.name}", retention_days=args.log_retention_days),
            location=args.location,
            retain=args.retain,
        )
        return aws.rds.Proxy(
            self.child_name("proxy"),
            aws.rds.ProxyArgs(
                name=args.pool.name,
                engine_family="POSTGRESQL",
                # From end to end: without it the proxy would ask for a secret with a password for each user.
                default_auth_scheme="IAM_AUTH",
                role_arn=role.arn,
                require_tls=True,
                # It would write statements, with what they hold, into the log.
                debug_logging=False,
                idle_client_timeout=_IDLE_SECONDS,
                vpc_subnet_ids=list(args.subnet_ids),
                vpc_security_group_ids=[group.id],
            ),
            self.child_options(
                depends_on=[*policies, logs], custom_timeouts=pulumi.CustomTimeouts(create=_CREATION, update=_CREATION, delete=_CREATION)
            ),
        )

    def _create_target(self, proxy: aws.rds.Proxy) -> aws.rds.ProxyTarget:
        args = self._args
        targets = aws.rds.ProxyDefaultTargetGroup(
            self.child_name("targets"),
            aws.rds.ProxyDefaultTargetGroupArgs(
                db_proxy_name=proxy.name,
                connection_pool_config=aws.rds.ProxyDefaultTargetGroupConnectionPoolConfigArgs(
                    max_connections_percent=args.pool.percent,
                    max_idle_connections_percent=args.pool.idle_percent,
                    connection_borrow_timeout=BORROW_SECONDS,
                ),
            ),
            self.child_options(),
        )
        key = "db_cluster_identifier" if args.pool.readable_standbys else "db_instance_identifier"
        database: dict[str, Any] = {key: args.database_identifier}
        return aws.rds.ProxyTarget(
            self.child_name("target"),
            aws.rds.ProxyTargetArgs(db_proxy_name=proxy.name, target_group_name=targets.name, **database),
            # A proxy has one target at a time.
            self.child_options(delete_before_replace=True),
        )

    def _create_reader(self, proxy: aws.rds.Proxy, group: aws.ec2.SecurityGroup, target: pulumi.Resource) -> pulumi.Output[str]:
        args = self._args
        endpoint = aws.rds.ProxyEndpoint(
            self.child_name("reader"),
            aws.rds.ProxyEndpointArgs(
                db_proxy_name=proxy.name,
                db_proxy_endpoint_name=f"{args.pool.name}-reader",
                target_role=ProxyRole.READ_ONLY.value,
                vpc_subnet_ids=list(args.subnet_ids),
                vpc_security_group_ids=[group.id],
            ),
            # RDS refuses it before there is a reader to lead to.
            self.child_options(depends_on=[target]),
        )
        return endpoint.endpoint
