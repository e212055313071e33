"""The platform on Azure: what its settings refuse, and what is composed in which order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from offline.engine import Run, run_program
from policies.analyzer import Analyzer
from stacks.loading import load_settings
from stacks.merge import merge
from tests.components.recorded import of_type, the
from tests.runs import config_of, run_of
from tests.stacks.examples import as_config, complaints, nested
from tests.stacks.ordering import behind
from tests.tools import ROOT

CLUSTER = "azure-native:containerservice:ManagedCluster"
GROUP = "azure-native:resources:ResourceGroup"
LOCK = "azure-native:authorization:ManagementLockByScope"
NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
HUB = "/subscriptions/66667777-0000-4000-8000-888899990000/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/hub"
ADMINISTRATORS = "aaaa1111-0000-4000-8000-bbbb22223333"
GOOD: dict[str, Any] = {
    "environment": "production",
    "team": "platform_team",
    "azure": {
        "subscription": "11112222-0000-4000-8000-333300000000",
        "tenant": "11112222-0000-4000-8000-333344445555",
        "location": "westeurope",
    },
    "network": {
        "cidr": "10.20.0.0/16",
        "zones": ["1", "2", "3"],
        "access": {"peering": {"virtualNetwork": HUB, "cidrs": ["10.250.0.0/20"]}},
    },
    "cluster": {"adminGroupIds": [ADMINISTRATORS]},
    "database": {"administrators": [{"name": "administrators", "objectId": ADMINISTRATORS}]},
    "observability": {"runbookBaseUrl": "https://runbooks.example.com"},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    result = merge(GOOD, nested(path, value))
    assert isinstance(result, dict)
    return result


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of("azure-production")


# -- settings -------------------------------------------------------------------------------------------------------------------


def test_what_a_stack_on_azure_has_to_say_is_short() -> None:
    load_settings(as_config(GOOD))


def test_an_api_that_nobody_can_call_is_refused() -> None:
    found = complaints(changed("network.access", None))
    assert list(found) == ["plinth:cluster"]
    assert "set one of plinth:network.access.peering or plinth:cluster.publicAccessCidrs" in found["plinth:cluster"]


def test_networks_on_the_internet_are_a_way_in_by_themselves() -> None:
    load_settings(as_config(merge(changed("network.access", None), nested("cluster.publicAccessCidrs", ["198.51.100.0/24"]))))


@pytest.mark.parametrize(
    ("path", "value", "place", "message"),
    [
        ("cluster.systemPool.zones", ["1", "4"], "cluster.systemPool.zones[1]", "allowed is an availability zone"),
        ("network.zones", ["1", "2"], "network.zones", "production needs 3"),
        ("cluster.nodePools.general.maxPerZone", 90, "cluster.nodePools", "lower maxPerZone, or widen cidr or podCidr"),
        ("azure.objectStores.s3", {"keepFor": "7d"}, "azure.objectStores.s3", "this cannot be a container's name"),
        ("azure.objectStores.a--b", {"keepFor": "7d"}, "azure.objectStores.a--b", "this cannot be a container's name"),
        ("azure.location", "mars", "azure.location", "is not a region of Azure"),
    ],
)
def test_what_azure_would_refuse_is_refused_at_once(path: str, value: Any, place: str, message: str) -> None:
    found = complaints(changed(path, value))
    assert message in found[f"plinth:{place}"]


def test_a_pool_is_in_the_zones_of_the_network_alone() -> None:
    settings = merge(
        changed("network.zones", ["1", "2"]), {"environment": "staging", **nested("cluster.nodePools.general.zones", ["2", "3"])}
    )
    assert complaints(settings) == {"plinth:cluster.nodePools.general.zones[1]": "3 is not a zone of plinth:network; there are 1, 2"}


def test_copies_in_a_paired_region_need_a_pair() -> None:
    found = complaints(changed("azure.location", "polandcentral"))
    assert "polandcentral has no paired region" in found["plinth:azure.objectStores.backups.geoRedundant"]


def test_volumes_in_all_zones_need_zones() -> None:
    settings = merge(GOOD, {"azure": {"zoneRedundantVolumes": True, "location": "westus"}})
    assert "westus has no availability zones" in complaints(settings)["plinth:azure.zoneRedundantVolumes"]


# -- order ----------------------------------------------------------------------------------------------------------------------


def test_the_cluster_waits_for_its_network_and_for_the_right_to_its_disks_key(run: Run) -> None:
    before = behind(run, the(run, CLUSTER, "cluster-cluster"))
    assert the(run, "azure-native:authorization:RoleAssignment", "disk-encryption-key-user").urn in before
    assert {each.urn for each in of_type(run, "azure-native:network:Subnet")} <= before


def test_private_endpoints_change_the_network_one_after_the_other(run: Run) -> None:
    endpoints = of_type(run, "azure-native:network:PrivateEndpoint")
    order = {each.name: {other.name for other in endpoints if other.urn in behind(run, each)} for each in endpoints}
    assert order == {
        "network-flow-logs-endpoint": set(),
        "keys-endpoint": {"network-flow-logs-endpoint"},
        "object-stores-backups-endpoint": {"network-flow-logs-endpoint", "keys-endpoint"},
    }


def test_what_outlives_the_platform_is_in_groups_of_its_own(run: Run) -> None:
    groups = {each.inputs["resourceGroupName"]: bool(each.options.get("retain_on_delete")) for each in of_type(run, GROUP)}
    assert groups == {
        "plinth-azure-production": False,
        "plinth-azure-production-data": True,
        "plinth-azure-production-volumes": True,
    }
    kept = [each for each in run.resources if each.options.get("retain_on_delete") and "resourceGroupName" in each.inputs]
    assert all(isinstance(each.inputs["resourceGroupName"], str) and each.inputs["resourceGroupName"] in groups for each in kept)
    assert all(groups[each.inputs["resourceGroupName"]] for each in kept)


# -- traffic --------------------------------------------------------------------------------------------------------------------


def test_no_policy_names_addresses_of_nodes_which_cilium_would_ignore(run: Run) -> None:
    blocks = [
        peer["ipBlock"]["cidr"]
        for policy in of_type(run, NETWORK_POLICY)
        for way in policy.inputs["spec"].get("egress", [])
        for peer in way["to"]
        if "ipBlock" in peer
    ]
    assert blocks
    assert str(load_settings(config_of("azure-production").values).network.node_cidr) not in blocks  # type: ignore[attr-defined] # of its place
    assert [each.name for each in of_type(run, "kubernetes:cilium.io/v2:CiliumNetworkPolicy")] == [
        "observability-allow-prometheus-to-nodes"
    ]


def test_policies_let_pods_through_to_the_ports_of_the_api_servers_themselves(run: Run) -> None:
    policies = [each for each in of_type(run, NETWORK_POLICY) if each.name.endswith("-to-kubernetes-api")]
    assert policies
    for policy in policies:
        (way,) = policy.inputs["spec"]["egress"]
        assert [port["port"] for port in way["ports"]] == [443, 4443]


def test_webhooks_are_called_through_the_tunnel_of_the_control_plane(run: Run) -> None:
    webhooks = [each for each in of_type(run, NETWORK_POLICY) if each.name.endswith("webhooks")]
    assert len(webhooks) == 2
    assert all("konnectivity-agent" in json.dumps(each.inputs["spec"]["ingress"]) for each in webhooks)


# -- provider and outputs -------------------------------------------------------------------------------------------------------


def test_the_provider_is_of_the_stack_s_subscription(run: Run) -> None:
    (provider,) = of_type(run, "pulumi:providers:azure-native")
    assert provider.inputs["subscriptionId"] == "77778888-0000-4000-8000-999900000000"
    assert provider.inputs["tenantId"] == "11112222-0000-4000-8000-333344445555"


def test_the_outputs_say_where_everything_is(run: Run) -> None:
    assert {
        "actionGroupId",
        "clusterName",
        "databaseEndpoint",
        "databasePrincipals",
        "kubeconfig",
        "natsUrl",
        "networkHandover",
        "objectStores",
        "prometheusUrl",
        "resourceGroup",
        "snapshotClass",
        "storageClass",
        "virtualNetworkId",
    } == set(run.outputs)
    assert set(run.outputs["objectStores"]) == {"backups"}


# -- teardown -------------------------------------------------------------------------------------------------------------------


def test_a_stack_that_is_to_be_taken_down_lets_go_of_all_but_its_data(run: Run) -> None:
    config = config_of("azure-production")
    marked = run_program(
        ROOT / "__main__.py",
        stack="azure-production",
        project=config.project,
        config={**config.values, "plinth:teardown": "true"},
        secret_keys=config.secret_keys,
        pack=Analyzer(),
    )
    assert [each.urn for each in marked.resources if each.options.get("protect")] == []
    assert of_type(run, LOCK)
    assert of_type(marked, LOCK) == []
    kept = {each.urn for each in run.resources if each.options.get("retain_on_delete")}
    assert {each.urn for each in marked.resources if each.options.get("retain_on_delete")} == kept
    assert {requirement for each in marked.diagnostics for requirement in each.requirements} <= {"PG-005"}
