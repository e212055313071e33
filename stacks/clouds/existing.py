"""A platform on a cluster that exists: nothing of the cluster is made, and the database is within it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.footprint import footprint as database_footprint
from components.database.cloudnativepg.model import DatabaseSettings
from components.database.cloudnativepg.postgres import CloudNativePostgres, variables
from components.database.cloudnativepg.traffic import client_traffic
from components.database.cloudnativepg.traffic import traffic as database_traffic
from components.database.elsewhere import SECRETS, PostgresSettings
from components.foundation import Addresses, Agent, Base, Foundation, ManagedDatabase, Volumes
from components.ordering import behind
from components.security.certificates import ISSUER
from components.storage.minio.arguments import MinioArgs
from components.storage.minio.minio import Minio
from components.storage.minio.minio import bucket as minio_bucket
from components.storage.minio.minio import footprint as minio_footprint
from components.storage.minio.minio import traffic as minio_traffic
from components.storage.minio.model import MinioSettings
from components.storage.object_store import S3Store, StoreCredentials
from components.storage.object_store_model import BACKUPS
from components.storage.s3 import ObjectStoreSettings
from components.tenancy.demand import Demand
from components.tenancy.priorities import CRITICAL
from components.tenancy.traffic import calls_addresses
from facts.namespaces import DATABASE
from stacks.composition.services import monitoring_of
from stacks.errors import PlinthError
from stacks.settings.existing import ExistingStack


def build_on_existing(settings: ExistingStack, name: str) -> Foundation:
    """Take the cluster as it is, and put the database into it where it is asked for."""
    provider = kubernetes_provider(settings, cluster_name=name)
    in_cluster = pulumi.ResourceOptions(providers=[provider])
    addresses = addresses_of(settings)
    managed, agents, exports = _database(settings, addresses, in_cluster)
    return Foundation(
        cluster_name=name,
        in_cluster=in_cluster,
        addresses=addresses,
        most_nodes=settings.cluster.upgraded_nodes,
        volumes=Volumes(
            storage_class=settings.cluster.storage_class,
            broker_storage_class=settings.cluster.broker_storage_class or settings.cluster.storage_class,
            snapshot_class=settings.cluster.snapshot_class,
            # The classes are there before the stack is.
            ready=provider,
        ),
        database=managed,
        agents=agents,
        # A MinIO of the platform's is none of these: it is lost with what would be brought back from it.
        stores={BACKUPS: bucket_elsewhere(settings.existing.object_store)} if settings.existing.object_store else {},
        exports={"clusterName": name, **exports},
    )


def kubernetes_provider(settings: ExistingStack, *, cluster_name: str) -> kubernetes.Provider:
    """The cluster by its context: what the kubeconfig holds is read where Pulumi runs, and is not in the state."""
    return kubernetes.Provider(
        "kubernetes",
        context=settings.existing.context,
        # The name is the cluster's identity: a context that is called otherwise is no reason to replace every object.
        cluster_identifier=cluster_name,
        enable_server_side_apply=True,
    )


def addresses_of(settings: ExistingStack) -> Addresses:
    """The cluster's addresses, for network policies."""
    cluster, server = settings.cluster, settings.cluster.api_server
    return Addresses(
        kubernetes_api=tuple(map(str, (server.service_cidr, *server.endpoints))),
        kubernetes_api_ports=server.ports,
        webhook_callers=tuple(map(str, server.webhook_callers or server.endpoints)),
        nodes=tuple(map(str, cluster.node_cidrs)),
        nodes_by_address=cluster.nodes_by_address,
        api_by_address=cluster.nodes_by_address,
    )


def _database(
    settings: ExistingStack, addresses: Addresses, options: pulumi.ResourceOptions
) -> tuple[ManagedDatabase | None, Sequence[Agent], dict[str, Any]]:
    """The database for its clients, what runs it in the cluster, and where it is.

    Raises:
        PlinthError: there is no bucket; settings that were read by ``load_settings`` have one.
    """
    place, database = settings.existing, settings.database
    if database is None:
        if place.postgres is None:
            return None, (), {}
        exports = {"databaseEndpoint": f"{place.postgres.host}:{place.postgres.port}", "databaseSecret": place.postgres.secret}
        return database_elsewhere(place.postgres), (), exports
    minio = minio_args(settings, database, place.minio) if place.minio is not None else None
    archive = bucket_elsewhere(place.object_store) if place.object_store is not None else None
    if minio is not None:
        archive = minio_bucket(minio)
    if archive is None:
        raise PlinthError("the database has nowhere to archive")
    args = database_args(settings, database, addresses, archive)
    told = variables(args)
    own = {client: {"PGUSER": client.user} for client in args.clients}
    managed = ManagedDatabase(variables=told, own_variables=own, traffic=client_traffic(args))
    return managed, [_running(args, minio, options)], {"databaseEndpoint": f"{told['PGHOST']}:{told['PGPORT']}"}


def database_elsewhere(postgres: PostgresSettings) -> ManagedDatabase:
    """A database outside of the cluster for its clients."""
    told = {
        "PGHOST": postgres.host,
        "PGPORT": str(postgres.port),
        "PGDATABASE": postgres.name,
        "PGSSLMODE": "verify-full",
        "PGSSLROOTCERT": f"{SECRETS}/ca.crt",
    }
    return ManagedDatabase(variables=told, traffic=[calls_addresses("database", list(map(str, postgres.cidrs)), postgres.port)])


def bucket_elsewhere(store: ObjectStoreSettings) -> S3Store:
    """A bucket outside of the cluster for whoever writes into it."""
    return S3Store(
        bucket=store.bucket,
        endpoint=store.endpoint,
        region=store.region,
        credentials=StoreCredentials(secret=store.secret, access_key=store.access_key, secret_key=store.secret_key),
        authority_secret=store.authority_secret,
        traffic=(calls_addresses("object-store", list(map(str, store.cidrs)), store.port),),
    )


def minio_args(settings: ExistingStack, database: DatabaseSettings, minio: MinioSettings) -> MinioArgs:
    """The MinIO that the database archives into."""
    return MinioArgs(
        settings=minio,
        namespace=DATABASE,
        bucket=DATABASE,
        undeletable=database.backup_retention,
        storage_class=settings.cluster.storage_class,
        issuer=ISSUER,
        priority_class=CRITICAL,
        retain=settings.retain,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def database_args(settings: ExistingStack, database: DatabaseSettings, addresses: Addresses, archive: S3Store) -> CloudNativePostgresArgs:
    """The database, which the applications' namespaces sign in to."""
    return CloudNativePostgresArgs(
        settings=database,
        namespace=DATABASE,
        clients=[client for namespace, wanted in settings.namespaces.items() for client in wanted.database_clients(namespace)],
        bucket=archive,
        storage_class=settings.cluster.storage_class,
        zoned=settings.cluster.is_zoned,
        standby_replicas=settings.standby_replicas,
        issuer=ISSUER,
        addresses=addresses,
        priority_class=CRITICAL,
        retain=settings.retain,
        monitoring=monitoring_of(settings),
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def _running(args: CloudNativePostgresArgs, minio: MinioArgs | None, options: pulumi.ResourceOptions) -> Agent:
    """The database with its operator, behind the MinIO that it archives into where there is one."""

    def install(base: Base) -> None:
        gates = behind(options, base.namespaces[DATABASE], base.priorities[CRITICAL], base.issuer)
        bucket = Minio("minio", minio, gates).ready if minio is not None else None
        clients = {client.namespace: base.namespaces[client.namespace] for client in args.clients}
        CloudNativePostgres("database", replace(args, client_namespaces=clients), behind(gates, base.definitions, bucket))

    store = Demand(namespace=DATABASE, footprint=minio_footprint(minio), traffic=minio_traffic()) if minio is not None else None
    demand = Demand(
        namespace=DATABASE,
        footprint=database_footprint(args) + store.footprint if store is not None else database_footprint(args),
        traffic=[*database_traffic(args), *(store.traffic if store is not None else ())],
        rpo_method="pitr",
    )
    return Agent(demand=demand, install=install)
