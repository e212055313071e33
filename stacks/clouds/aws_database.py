"""The database of a platform on AWS: its pool, its copies in the second region, who signs in, and what is watched of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import pulumi

from components.aws import AwsLocation
from components.cluster.eks.cluster import EksCluster
from components.database.model import DatabaseClient
from components.database.rds.admission import PORT
from components.database.rds.alerts import alert_groups, cloudwatch_jobs, pool_alert_group, pool_jobs
from components.database.rds.arguments import RdsPostgresArgs
from components.database.rds.backup_copies import RdsBackupCopies, RdsBackupCopiesArgs
from components.database.rds.model import DatabaseSettings
from components.database.rds.postgres import RdsPostgres
from components.database.rds.proxy import RdsProxy, RdsProxyArgs
from components.database.rds.sign_in import RdsSignIn, RdsSignInArgs
from components.database.rds.sign_in import traffic as sign_in_traffic
from components.foundation import ManagedDatabase
from components.network.aws.network import AwsNetwork
from components.ordering import behind
from stacks.clouds.aws_watching import Watched
from stacks.settings.aws import AwsStack

_FORWARDER: Final = "session-manager"


@dataclass(frozen=True, kw_only=True)
class DatabaseSurroundings:
    """What a database is put into.

    Attributes:
        name: of the platform.
        network: with its isolated subnets.
        cluster: of its clients.
        here: options that bring AWS in the stack's region.
        there: those that bring it in the second one; None where there is none.
    """

    name: str
    network: AwsNetwork
    cluster: EksCluster
    here: pulumi.ResourceOptions
    there: pulumi.ResourceOptions | None


@dataclass(frozen=True, kw_only=True)
class BuiltDatabase:
    """A database for the rest of the stack: for its clients, its watchers, and the stack's outputs."""

    managed: ManagedDatabase
    watched: Watched
    exports: Mapping[str, Any]


def build_database(settings: AwsStack, wanted: DatabaseSettings, around: DatabaseSurroundings) -> BuiltDatabase:
    """Build the database and what belongs to it."""
    args = database_args(settings, wanted, around)
    in_network = behind(around.here, around.network.ready)
    database = RdsPostgres("database", args, in_network)
    _copy_backups(settings, args, database, around)
    clients = [client for namespace, asked in settings.namespaces.items() for client in asked.database_clients(namespace)]
    proxy = RdsProxy("database-proxy", _proxy_args(args, database, clients), in_network) if wanted.proxy else None
    signed_in_to = [database.resource_id, *([proxy.resource_id] if proxy else [])]
    RdsSignIn(
        "database-clients",
        RdsSignInArgs(location=args.location, cluster_name=around.name, resource_ids=signed_in_to, clients=clients),
        behind(around.here, around.cluster.ready),
    )
    front = proxy or database
    endpoints = {
        "databaseEndpoint": database.address,
        "databaseReaderEndpoint": database.reader_address,
        "databasePoolEndpoint": proxy.address if proxy else None,
    }
    return BuiltDatabase(
        managed=ManagedDatabase(
            variables=_variables(args, front.address, front.reader_address),
            traffic=sign_in_traffic(tuple(map(str, settings.network.database_cidrs))),
        ),
        watched=Watched(
            jobs=[*cloudwatch_jobs(args.instances), *(pool_jobs(args.pool) if proxy else [])],
            alerts=[*alert_groups(args.instances, args.limits), *([pool_alert_group(args.pool)] if proxy else [])],
        ),
        exports={
            **{name: pulumi.Output.format("{0}:{1}", address, PORT) for name, address in endpoints.items() if address is not None},
            "databaseSecretArn": database.master_secret_arn,
            "alarmTopicArn": database.alarm_topic_arn,
        },
    )


def database_args(settings: AwsStack, wanted: DatabaseSettings, around: DatabaseSurroundings) -> RdsPostgresArgs:
    """The database, which the cluster's nodes and pods may connect to."""
    return RdsPostgresArgs(
        settings=wanted,
        location=AwsLocation(region=settings.aws.region, account_id=settings.aws.account),
        identifier=around.name,
        vpc_id=around.network.vpc_id,
        subnet_ids=list(around.network.isolated_subnet_ids.values()),
        client_security_groups={"cluster": around.cluster.node_security_group_id, **callers(around.network)},
        retain=settings.retain,
        keep_data=settings.keeps_data,
    )


def callers(network: AwsNetwork) -> dict[str, pulumi.Output[str]]:
    """The security groups of the people who come in by a forwarded port, by what they are of."""
    return {_FORWARDER: network.forwarder_group_id} if network.forwarder_group_id is not None else {}


def _copy_backups(settings: AwsStack, args: RdsPostgresArgs, database: RdsPostgres, around: DatabaseSurroundings) -> None:
    if settings.disaster_recovery is None or around.there is None or not args.settings.backups_are_copied:
        return
    RdsBackupCopies(
        "database-copies",
        RdsBackupCopiesArgs(
            location=replace(args.location, region=settings.disaster_recovery.region),
            identifier=args.identifier,
            source_arn=database.arn,
            retention_days=args.settings.backup_retention.days,
            keep_data=args.keep_data,
            retain=args.retain,
        ),
        behind(around.there, around.network.ready),
    )


def _proxy_args(args: RdsPostgresArgs, database: RdsPostgres, clients: Sequence[DatabaseClient]) -> RdsProxyArgs:
    return RdsProxyArgs(
        pool=args.pool,
        location=args.location,
        vpc_id=args.vpc_id,
        subnet_ids=args.subnet_ids,
        client_security_groups=args.client_security_groups,
        database_group_id=database.security_group_id,
        database_identifier=database.identifier,
        resource_id=database.resource_id,
        users=list(dict.fromkeys(client.user for client in clients)),
        log_retention_days=args.settings.log_retention.days,
        alarm_receivers=database.alarm_receivers,
        retain=args.retain,
    )


def _variables(args: RdsPostgresArgs, address: pulumi.Output[str], reader: pulumi.Output[str] | None) -> Mapping[str, pulumi.Input[str]]:
    return {
        "PGHOST": address,
        **({"PGHOST_READER": reader} if reader is not None else {}),
        "PGPORT": str(PORT),
        "PGDATABASE": args.settings.name,
        "PGSSLMODE": "verify-full",
        "AWS_REGION": args.location.region,
    }
