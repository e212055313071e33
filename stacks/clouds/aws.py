"""A platform on AWS: network, cluster, volumes and database, and what of AWS runs in the cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.autoscaling.eks.cluster_autoscaler import ClusterAutoscaler, ClusterAutoscalerArgs
from components.autoscaling.eks.cluster_autoscaler import footprint as autoscaler_footprint
from components.autoscaling.eks.cluster_autoscaler import traffic as autoscaler_traffic
from components.aws import AwsLocation
from components.cluster.eks.cluster import EksCluster, EksClusterArgs
from components.cluster.eks.node_groups import most_nodes
from components.cluster.eks.releases import RELEASES
from components.database.rds.admission import PORT as DATABASE_PORT
from components.foundation import Addresses, Agent, Base, Foundation, Volumes
from components.network.aws.network import AwsNetwork, AwsNetworkArgs
from components.ordering import behind
from components.storage.aws.storage import AwsStorage, AwsStorageArgs
from components.tenancy.demand import Demand
from components.tenancy.priorities import CRITICAL
from facts.addresses import KUBERNETES_SERVICE_CIDR
from facts.namespaces import AUTOSCALING
from stacks.clouds.aws_broker import build_broker
from stacks.clouds.aws_database import BuiltDatabase, DatabaseSurroundings, build_database, callers
from stacks.clouds.aws_stores import build_stores, sign_in_to_store
from stacks.clouds.aws_watching import Watched, watch_aws
from stacks.clouds.kubernetes import kubernetes_provider
from stacks.clouds.names import CLUSTER, DATABASE, READABLE_DATABASE, check_stack_name
from stacks.clouds.speed import broker_speed
from stacks.clouds.tags import default_tags
from stacks.composition.services import monitoring_of
from stacks.settings.aws import AwsSettings, AwsStack
from stacks.settings.ways_in import tunnel_port

_INTERNAL_LOAD_BALANCER: Final = {
    "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
    "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
    # Each of its addresses answers, also in a zone without a pod.
    "service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled": "true",
}


def build_on_aws(settings: AwsStack, name: str) -> Foundation:
    """Build network, cluster, volumes and, where it is asked for, the database.

    Raises:
        PlinthError: a resource cannot have ``name``.
    """
    check_stack_name(name, _named_after(settings))
    place = settings.aws
    tags = default_tags(settings)
    on_aws = pulumi.ResourceOptions(providers=[aws_provider(place, tags)])
    network = AwsNetwork("network", network_args(settings, place, name, tags), on_aws)
    in_network = behind(on_aws, network.ready)
    cluster = EksCluster("cluster", cluster_args(settings, place, name, network, tags), in_network)
    in_cluster = pulumi.ResourceOptions(providers=[kubernetes_provider(cluster.kubeconfig, cluster_name=name, ready=cluster.ready)])
    everywhere = pulumi.ResourceOptions.merge(on_aws, in_cluster)
    volumes = storage_args(settings, place)
    storage = AwsStorage("storage", volumes, everywhere)
    elsewhere = _in_second_region(settings, tags)
    stores = build_stores(settings, name, on_aws, elsewhere)
    exports: dict[str, Any] = {
        "vpcId": network.vpc_id,
        "networkHandover": network.handover,
        "clusterName": cluster.cluster_name,
        "kubeconfig": cluster.kubeconfig,
        **({"objectStores": {name: store.bucket for name, store in stores.stores.items()}} if stores.stores else {}),
    }
    control_plane = tuple(map(str, settings.network.control_plane_cidrs))
    addresses = Addresses(
        kubernetes_api=(KUBERNETES_SERVICE_CIDR, *control_plane),
        webhook_callers=control_plane,
        nodes=tuple(str(zone.private) for zone in settings.network.plan.zones),
    )
    agents = [_scaling(settings, place, name, addresses, everywhere)]
    database: BuiltDatabase | None = None
    if settings.database:
        around = DatabaseSurroundings(name=name, network=network, cluster=cluster, here=on_aws, there=elsewhere)
        database = build_database(settings, settings.database, around)
        exports |= database.exports
    broker = build_broker(settings, name, network, {"cluster": cluster.node_security_group_id, **callers(network)}, on_aws)
    if broker:
        exports |= broker.exports
    watched = database.watched if database else Watched()
    agents.extend(watch_aws(settings, name, watched, [stores.watched, *([broker.watched] if broker else [])], everywhere))
    return Foundation(
        cluster_name=name,
        in_cluster=in_cluster,
        addresses=addresses,
        most_nodes=most_nodes(settings.cluster.node_groups.values(), settings.network.zones),
        internal_load_balancer=_INTERNAL_LOAD_BALANCER,
        volumes=Volumes(
            storage_class=volumes.storage_class,
            broker_storage_class=volumes.broker_storage_class,
            snapshot_class=volumes.snapshot_class,
            ready=storage.ready,
        ),
        database=database.managed if database else None,
        broker=broker.managed if broker else None,
        agents=agents,
        stores=stores.stores,
        sign_in_to_store=partial(sign_in_to_store, settings, name, stores.stores, behind(on_aws, cluster.ready)),
        second_region=settings.disaster_recovery.region if settings.disaster_recovery else None,
        exports=exports,
    )


def _named_after(settings: AwsStack) -> Mapping[str, Sequence[str]]:
    if settings.database is None:
        return CLUSTER
    return {**CLUSTER, **(READABLE_DATABASE if settings.database.readable_standbys else DATABASE)}


def aws_provider(place: AwsSettings, tags: Mapping[str, str]) -> aws.Provider:
    """AWS in the stack's region and in no other account than its own."""
    return _provider("aws", place.region, place.account, tags)


def _in_second_region(settings: AwsStack, tags: Mapping[str, str]) -> pulumi.ResourceOptions | None:
    """Options that bring AWS in the region of the copies, in the same account."""
    recovery = settings.disaster_recovery
    if recovery is None:
        return None
    return pulumi.ResourceOptions(providers=[_provider("aws-second-region", recovery.region, settings.aws.account, tags)])


def _provider(name: str, region: str, account: str, tags: Mapping[str, str]) -> aws.Provider:
    return aws.Provider(name, region=region, allowed_account_ids=[account], default_tags=aws.ProviderDefaultTagsArgs(tags=tags))


def network_args(settings: AwsStack, place: AwsSettings, name: str, tags: Mapping[str, str]) -> AwsNetworkArgs:
    """The network of the platform called ``name``."""
    return AwsNetworkArgs(
        settings=settings.network,
        region=place.region,
        account_id=place.account,
        cluster_name=name,
        retain=settings.retain,
        database_port=DATABASE_PORT if settings.database else None,
        tags=tags,
    )


def cluster_args(settings: AwsStack, place: AwsSettings, name: str, network: AwsNetwork, tags: Mapping[str, str]) -> EksClusterArgs:
    """The cluster in its network."""
    return EksClusterArgs(
        settings=settings.cluster,
        name=name,
        region=place.region,
        account_id=place.account,
        vpc_id=network.vpc_id,
        control_plane_subnet_ids=network.control_plane_subnet_ids,
        node_subnet_ids=network.private_subnet_ids,
        tags=tags,
        retain=settings.retain,
        client_group_ids=callers(network),
        local_port=tunnel_port(settings.network.access, settings.cluster),
    )


def storage_args(settings: AwsStack, place: AwsSettings) -> AwsStorageArgs:
    """The volumes that pods can claim."""
    return AwsStorageArgs(
        region=place.region,
        account_id=place.account,
        broker_volumes=place.broker_volumes or broker_speed(settings),
        keep_volumes=settings.keeps_data,
        retain=settings.retain,
    )


def _scaling(settings: AwsStack, place: AwsSettings, name: str, addresses: Addresses, options: pulumi.ResourceOptions) -> Agent:
    """What moves the number of nodes."""
    args = ClusterAutoscalerArgs(
        location=AwsLocation(region=place.region, account_id=place.account),
        cluster_name=name,
        image_tag=RELEASES[settings.cluster.version].autoscaler,
        namespace=AUTOSCALING,
        replicas=settings.standby_replicas,
        priority_class=CRITICAL,
        api_server_cidrs=addresses.kubernetes_api,
        monitoring=monitoring_of(settings),
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )

    def install(base: Base) -> None:
        gates = (base.namespaces[AUTOSCALING], base.priorities[CRITICAL], base.definitions)
        ClusterAutoscaler("node-autoscaler", args, behind(options, *gates))

    demand = Demand(namespace=AUTOSCALING, footprint=autoscaler_footprint(args), traffic=autoscaler_traffic(args))
    return Agent(demand=demand, install=install)
