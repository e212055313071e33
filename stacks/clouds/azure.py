"""A platform on Azure: network, cluster, volumes, object stores and database, and what of Azure runs in the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import pulumi
import pulumi_azure_native as azure

from components.azure import AzureLocation
from components.cluster.aks.cluster import AksCluster, AksClusterArgs
from components.database.flexible_server.alerts import alert_groups, azure_metrics
from components.database.flexible_server.arguments import FlexiblePostgresArgs
from components.database.flexible_server.model import DatabaseSettings
from components.database.flexible_server.postgres import POOLER_PORT, FlexiblePostgres
from components.database.flexible_server.postgres import PORT as DATABASE_PORT
from components.database.flexible_server.sign_in import FlexibleSignIn, FlexibleSignInArgs
from components.database.flexible_server.sign_in import traffic as sign_in_traffic
from components.database.monitoring import DatabaseAlerts, DatabaseAlertsArgs
from components.foundation import Addresses, Agent, Base, Foundation, ManagedDatabase, Volumes
from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.nats.links import LEAF_PORT
from components.messaging.rabbitmq.connection import AMQPS
from components.network.azure.network import AzureNetwork, AzureNetworkArgs
from components.network.azure.security_groups import API_SERVER_PORTS, Opening
from components.observability.azure_monitor.exporter import AzureMetricsExporter, AzureMetricsExporterArgs
from components.observability.azure_monitor.exporter import footprint as exporter_footprint
from components.observability.azure_monitor.exporter import traffic as exporter_traffic
from components.ordering import behind
from components.storage.azure.object_store import ObjectStores
from components.storage.azure.sign_in import BlobSignIn, BlobSignInArgs
from components.storage.azure.storage import AzureStorage, AzureStorageArgs
from components.storage.object_store import StoreSignIn, StoreUser
from components.tenancy.demand import Demand
from components.tenancy.priorities import PLATFORM
from facts.addresses import KUBERNETES_SERVICE_CIDR
from facts.azure import worldwide_name
from stacks.clouds.azure_broker import build_broker
from stacks.clouds.azure_data import StoredData, store_data
from stacks.clouds.kubernetes import kubernetes_provider
from stacks.clouds.names import check_stack_name
from stacks.clouds.speed import broker_speed
from stacks.clouds.tags import default_tags
from stacks.composition.services import monitoring_of
from stacks.errors import PlinthError
from stacks.settings.azure import AzureSettings, AzureStack

_NAMED: Final = {
    "The cluster": ("azure-native:containerservice:ManagedCluster", "resourceName"),
    "The resource group": ("azure-native:resources:ResourceGroup", "resourceGroupName"),
}
_TUNNEL: Final = {"app": "konnectivity-agent"}
"""AKS' control plane reaches pods that have no address in the network through these alone."""
_LONGEST_SERVER: Final = 63


def build_on_azure(settings: AzureStack, name: str) -> Foundation:
    """Build network, cluster, volumes, object stores and, where it is asked for, the database.

    Raises:
        PlinthError: a resource cannot have ``name``.
    """
    check_stack_name(name, _NAMED)
    place = settings.azure
    location = AzureLocation(
        subscription_id=place.subscription,
        tenant_id=place.tenant,
        location=place.location,
        resource_group=name,
        tags=default_tags(settings),
    )
    on_azure = pulumi.ResourceOptions(providers=[azure_provider(place)])
    network = AzureNetwork("network", network_args(settings, location), on_azure)
    in_network = behind(on_azure, network.ready)
    data = store_data(settings, location, network, on_azure)
    cluster = AksCluster("cluster", cluster_args(settings, location, name, network, data), behind(in_network, data.ready))
    in_cluster = pulumi.ResourceOptions(providers=[kubernetes_provider(cluster.kubeconfig, cluster_name=name, ready=cluster.ready)])
    everywhere = pulumi.ResourceOptions.merge(on_azure, in_cluster)
    volumes = storage_args(settings, location, cluster, data)
    storage = AzureStorage("storage", volumes, behind(everywhere, cluster.ready))
    exports: dict[str, Any] = {
        "resourceGroup": network.resource_group_name,
        "virtualNetworkId": network.virtual_network_id,
        "networkHandover": network.handover,
        "clusterName": cluster.cluster_name,
        "kubeconfig": cluster.kubeconfig,
        **({"objectStores": data.stores.containers} if data.stores else {}),
    }
    addresses = addresses_of(settings)
    managed: ManagedDatabase | None = None
    agents: Sequence[Agent] = ()
    if settings.database:
        clients = [client for namespace, wanted in settings.namespaces.items() for client in wanted.database_clients(namespace)]
        described = database_args(settings, settings.database, location, network, clients=len(clients))
        database = FlexiblePostgres("database", described, in_network)
        sign_in = FlexibleSignIn(
            "database-clients",
            FlexibleSignInArgs(location=location, platform=name, issuer=cluster.oidc_issuer_url, clients=clients),
            behind(on_azure, cluster.ready),
        )
        managed = _managed_database(settings, described, database, sign_in)
        exports |= {
            "databaseEndpoint": pulumi.Output.format("{0}:{1}", database.address, DATABASE_PORT),
            "databasePrincipals": sign_in.principals,
            "actionGroupId": database.action_group_id,
        }
        agents = _watching(settings, name, described, cluster, behind(everywhere, database.ready))
    broker = build_broker(settings, location, network, on_azure)
    return Foundation(
        cluster_name=name,
        in_cluster=in_cluster,
        addresses=addresses,
        most_nodes=settings.cluster.most_nodes(settings.network.zones),
        internal_load_balancer={"service.beta.kubernetes.io/azure-load-balancer-internal": "true"},
        volumes=Volumes(
            storage_class=volumes.storage_class,
            broker_storage_class=volumes.broker_storage_class,
            snapshot_class=volumes.snapshot_class,
            ready=storage.ready,
        ),
        database=managed,
        broker=broker,
        agents=agents,
        stores=data.stores.stores if data.stores else {},
        sign_in_to_store=partial(_sign_in_to_store, location, data.stores, cluster, on_azure),
        second_region=settings.disaster_recovery.region if settings.disaster_recovery else None,
        exports=exports,
    )


def azure_provider(place: AzureSettings) -> azure.Provider:
    """Azure in the stack's subscription, for whoever runs Pulumi, and without telling Microsoft that Pulumi brought a customer."""
    return azure.Provider("azure", subscription_id=place.subscription, tenant_id=place.tenant, disable_pulumi_partner_id=True)


def _sign_in_to_store(
    location: AzureLocation, stores: ObjectStores | None, cluster: AksCluster, options: pulumi.ResourceOptions, user: StoreUser
) -> StoreSignIn:
    if stores is None:
        raise PlinthError(f"{user.name} has no store {user.store}")
    args = BlobSignInArgs(
        location=location,
        platform=location.resource_group,
        issuer=cluster.oidc_issuer_url,
        container_id=stores.container_ids[user.store],
        user=user,
    )
    return BlobSignIn(f"{user.name}-store", args, behind(options, cluster.ready, stores.stores[user.store].ready)).sign_in


def addresses_of(settings: AzureStack) -> Addresses:
    """Where what network policies speak of is."""
    api_server = str(settings.network.api_server_cidr)
    return Addresses(
        kubernetes_api=(KUBERNETES_SERVICE_CIDR, api_server),
        webhook_callers=(api_server,),
        nodes=(str(settings.network.node_cidr),),
        webhook_tunnel=_TUNNEL,
        # Cilium asks its policies after it has put the endpoint's own port in place of the Service's.
        kubernetes_api_ports=API_SERVER_PORTS,
        nodes_by_address=False,
    )


def network_args(settings: AzureStack, location: AzureLocation) -> AzureNetworkArgs:
    """The network, in a resource group that it creates."""
    links = settings.nats.leaf_nodes if settings.nats else None
    return AzureNetworkArgs(
        settings=settings.network,
        location=location,
        retain=settings.retain,
        database_ports=(DATABASE_PORT, POOLER_PORT) if settings.database else (),
        endpoint_ports=(AMQPS,) if isinstance(settings.rabbitmq, CloudAmqpSettings) else (),
        openings=[Opening(name="leaf-nodes", sources=tuple(map(str, links.cidrs)), ports=(LEAF_PORT,))] if links else [],
    )


def cluster_args(settings: AzureStack, location: AzureLocation, name: str, network: AzureNetwork, data: StoredData) -> AksClusterArgs:
    """The cluster in its network."""
    return AksClusterArgs(
        settings=settings.cluster,
        location=location,
        name=name,
        zones=settings.network.zones,
        node_subnet_id=network.node_subnet_id,
        api_server_subnet_id=network.api_server_subnet_id,
        pod_cidr=str(settings.network.pod_cidr),
        workspace_id=network.workspace_id,
        retain=settings.retain,
        disk_encryption_set_id=data.disk_encryption_set_id,
    )


def storage_args(settings: AzureStack, location: AzureLocation, cluster: AksCluster, data: StoredData) -> AzureStorageArgs:
    """The volumes that pods can claim."""
    return AzureStorageArgs(
        location=location,
        control_plane=cluster.control_plane,
        broker_volumes=broker_speed(settings),
        zone_redundant=settings.azure.zone_redundant_volumes,
        keep_volumes=settings.keeps_data,
        retain=settings.retain,
        disk_encryption_set_id=data.disk_encryption_set_id,
    )


def database_args(
    settings: AzureStack, database: DatabaseSettings, location: AzureLocation, network: AzureNetwork, *, clients: int
) -> FlexiblePostgresArgs:
    """The database, which the cluster's nodes and pods may connect to."""
    return FlexiblePostgresArgs(
        settings=database,
        location=location,
        server_name=worldwide_name(location.resource_group, subscription=location.subscription_id, longest=_LONGEST_SERVER, separator="-"),
        subnet_id=network.database_subnet_id,
        private_dns_zone_id=network.database_zone_id,
        workspace_id=network.workspace_id,
        clients=clients,
        retain=settings.retain,
    )


def _managed_database(
    settings: AzureStack, described: FlexiblePostgresArgs, database: FlexiblePostgres, sign_in: FlexibleSignIn
) -> ManagedDatabase:
    return ManagedDatabase(
        variables={
            "PGHOST": database.address,
            "PGPORT": str(DATABASE_PORT if described.settings.burstable else POOLER_PORT),
            "PGDATABASE": described.settings.name,
            "PGSSLMODE": "verify-full",
        },
        own_variables=sign_in.variables,
        traffic=sign_in_traffic((str(settings.network.database_cidr),)),
    )


def _watching(
    settings: AzureStack, name: str, database: FlexiblePostgresArgs, cluster: AksCluster, options: pulumi.ResourceOptions
) -> Sequence[Agent]:
    """The exporter of the database's metrics, and its alerts; nothing where the stack has no observability."""
    monitoring = monitoring_of(settings)
    if monitoring is None:
        return ()
    exporter = AzureMetricsExporterArgs(
        location=database.location,
        identity=f"{name}-metrics",
        issuer=cluster.oidc_issuer_url,
        namespace=monitoring.namespace,
        wanted=[azure_metrics(database)],
        priority_class=PLATFORM,
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )
    alerts = DatabaseAlertsArgs(groups=alert_groups(database), namespace=monitoring.namespace, runbook_base_url=monitoring.runbook_base_url)

    def install(base: Base) -> None:
        namespace = base.namespaces[monitoring.namespace]
        AzureMetricsExporter("azure-metrics-exporter", exporter, behind(options, namespace, base.priorities[PLATFORM], base.definitions))
        DatabaseAlerts("database-alerts", alerts, behind(options, namespace, base.definitions))

    demand = Demand(namespace=exporter.namespace, footprint=exporter_footprint(exporter), traffic=exporter_traffic(exporter))
    return [Agent(demand=demand, install=install)]
