"""Clusters of EKS, their node groups and add-ons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from verification.aws.scope import NOT_TAGGED, Scope, given
from verification.live import LiveResource

CLUSTER: Final = "aws:eks/cluster:Cluster"
NODE_GROUP: Final = "aws:eks/nodeGroup:NodeGroup"
ADDON: Final = "aws:eks/addon:Addon"


def read_clusters(scope: Scope) -> Iterator[LiveResource]:
    """Clusters with the stack's tags or name."""
    client = scope.client("eks")
    for name in scope.pages(client, "list_clusters", "clusters"):
        found = client.describe_cluster(name=name)["cluster"]
        if name in scope.names.get(CLUSTER, ()) or scope.owns(found.get("tags", {})):
            yield _cluster(found)


def read_node_groups(scope: Scope) -> Iterator[LiveResource]:
    """The node groups of the stack's cluster, among them those that somebody added."""
    client = scope.client("eks")
    for cluster in _own(scope, client):
        for name in scope.pages(client, "list_nodegroups", "nodegroups", clusterName=cluster):
            yield _node_group(scope, client.describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"])


def read_addons(scope: Scope) -> Iterator[LiveResource]:
    """The add-ons of the stack's cluster."""
    client = scope.client("eks")
    for cluster in _own(scope, client):
        for name in scope.pages(client, "list_addons", "addons", clusterName=cluster):
            found = client.describe_addon(clusterName=cluster, addonName=name)["addon"]
            inputs = given(
                addonName=name,
                clusterName=cluster,
                addonVersion=found.get("addonVersion"),
                configurationValues=found.get("configurationValues"),
            )
            yield LiveResource(type=ADDON, key=name, arn=found["addonArn"], inputs=inputs, by_hand=_by_hand(scope, found))


def _own(scope: Scope, client: Any) -> list[str]:
    """The stack's cluster, where it is there."""
    return [name for name in scope.pages(client, "list_clusters", "clusters") if name in scope.names.get(CLUSTER, ())]


def _by_hand(scope: Scope, found: Mapping[str, Any]) -> str:
    return "" if scope.owns(found.get("tags", {})) else NOT_TAGGED


def _cluster(found: Mapping[str, Any]) -> LiveResource:
    network = found.get("resourcesVpcConfig", {})
    encryption = [
        {"provider": each.get("provider", {}), "resources": each.get("resources", [])} for each in found.get("encryptionConfig", ())
    ]
    logging = found.get("logging", {}).get("clusterLogging", ())
    inputs = given(
        name=found["name"],
        version=found.get("version"),
        deletionProtection=found.get("deletionProtection"),
        enabledClusterLogTypes=[kind for each in logging if each.get("enabled") for kind in each.get("types", ())],
        encryptionConfig=encryption[0] if encryption else None,
        upgradePolicy=found.get("upgradePolicy"),
        zonalShiftConfig=found.get("zonalShiftConfig"),
        accessConfig=given(authenticationMode=found.get("accessConfig", {}).get("authenticationMode")),
        kubernetesNetworkConfig=given(serviceIpv4Cidr=found.get("kubernetesNetworkConfig", {}).get("serviceIpv4Cidr")),
        vpcConfig=given(
            endpointPublicAccess=network.get("endpointPublicAccess"),
            endpointPrivateAccess=network.get("endpointPrivateAccess"),
            publicAccessCidrs=network.get("publicAccessCidrs"),
            subnetIds=network.get("subnetIds"),
            securityGroupIds=network.get("securityGroupIds"),
        ),
    )
    return LiveResource(type=CLUSTER, key=found["name"], arn=found["arn"], inputs=inputs)


def _node_group(scope: Scope, found: Mapping[str, Any]) -> LiveResource:
    inputs = given(
        nodeGroupName=found["nodegroupName"],
        clusterName=found["clusterName"],
        amiType=found.get("amiType"),
        capacityType=found.get("capacityType"),
        instanceTypes=found.get("instanceTypes"),
        labels=found.get("labels"),
        taints=found.get("taints"),
        scalingConfig=found.get("scalingConfig"),
        subnetIds=found.get("subnets"),
        updateConfig=found.get("updateConfig"),
        nodeRepairConfig=found.get("nodeRepairConfig"),
        version=found.get("version"),
        releaseVersion=found.get("releaseVersion"),
    )
    return LiveResource(
        type=NODE_GROUP,
        key=found["nodegroupName"],
        arn=found["nodegroupArn"],
        inputs=inputs,
        by_hand=_by_hand(scope, found),
    )
