from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.cluster.aks.cluster import CONTROL_PLANE_LOGS, AksCluster, AksClusterArgs
from facts.azure import BuiltInRole
from tests.components.azure import LOCATION, WORKSPACE
from tests.components.cluster.aks.settings import ADMINS, POOL, VIEWERS, of_pool, settings
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

CLUSTER = "azure-native:containerservice:ManagedCluster"
NODES = "azure-native:containerservice:AgentPool"
WINDOW = "azure-native:containerservice:MaintenanceConfiguration"
RIGHT = "azure-native:authorization:RoleAssignment"
IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"
LOCK = "azure-native:authorization:ManagementLockByScope"

ARGS = AksClusterArgs(
    settings=settings(),
    location=LOCATION,
    name="plinth-dev",
    zones=["1", "2", "3"],
    node_subnet_id="/subnets/nodes",
    api_server_subnet_id="/subnets/api-server",
    pod_cidr="100.64.0.0/16",
    workspace_id=WORKSPACE,
    retain=True,
)


def cluster(preview: Preview, args: AksClusterArgs = ARGS) -> Run:
    return preview(lambda: AksCluster("aks", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return cluster(preview)


def inputs(run: Run) -> dict[str, Any]:
    return dict(the(run, CLUSTER, "aks-cluster").inputs)


def rights(run: Run) -> list[tuple[Any, str]]:
    """Scope and role of what identities and groups may do."""
    return [(each.inputs["scope"], each.inputs["roleDefinitionId"].rpartition("/")[2]) for each in of_type(run, RIGHT)]


def pools(run: Run) -> dict[str, RecordedResource]:
    return {each.inputs["agentPoolName"]: each for each in of_type(run, NODES)}


def test_everything_belongs_to_the_component(run: Run) -> None:
    (component,) = of_type(run, "plinth:cluster:AksCluster")
    assert all(resource.parent == component.urn for resource in run.resources if resource.type.startswith("azure-native:"))


def test_the_release_is_pinned_and_its_patches_come_in_the_window(run: Run) -> None:
    assert inputs(run)["kubernetesVersion"] == "1.36"
    assert inputs(run)["autoUpgradeProfile"] == {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}
    windows = {each.inputs["configName"]: each.inputs["maintenanceWindow"] for each in of_type(run, WINDOW)}
    assert set(windows) == {"default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"}
    for window in windows.values():
        assert window == {
            "durationHours": 6,
            "schedule": {"weekly": {"dayOfWeek": "Sunday", "intervalWeeks": 1}},
            "startTime": "02:00",
            "utcOffset": "+00:00",
        }


def test_the_api_lies_in_the_network_and_is_private_unless_networks_are_named(run: Run) -> None:
    assert inputs(run)["apiServerAccessProfile"] == {
        "enableVnetIntegration": True,
        "subnetId": "/subnets/api-server",
        "disableRunCommand": True,
        "enablePrivateCluster": True,
        "enablePrivateClusterPublicFQDN": True,
        "privateDNSZone": "none",
    }


def test_the_public_api_is_for_the_named_networks(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, settings=settings(publicAccessCidrs=["198.51.100.0/24"])))
    assert inputs(run)["apiServerAccessProfile"] == {
        "enableVnetIntegration": True,
        "subnetId": "/subnets/api-server",
        "disableRunCommand": True,
        "enablePrivateCluster": False,
        "authorizedIPRanges": ["198.51.100.0/24"],
    }


def test_people_sign_in_by_entra_alone(run: Run) -> None:
    assert inputs(run)["disableLocalAccounts"] is True
    assert inputs(run)["enableRBAC"] is True
    assert inputs(run)["aadProfile"] == {
        "managed": True,
        "enableAzureRBAC": True,
        "adminGroupObjectIDs": [ADMINS],
        "tenantID": LOCATION.tenant_id,
    }
    granted = {
        (each.inputs["principalId"], each.inputs["roleDefinitionId"].rpartition("/")[2])
        for each in of_type(run, RIGHT)
        if each.inputs["principalType"] == "Group"
    }
    assert granted == {
        (ADMINS, BuiltInRole.AKS_CLUSTER_USER),
        (VIEWERS, BuiltInRole.AKS_CLUSTER_USER),
        (VIEWERS, BuiltInRole.AKS_RBAC_READER),
    }


def test_pods_sign_in_by_tokens_that_entra_can_check(run: Run) -> None:
    assert inputs(run)["oidcIssuerProfile"] == {"enabled": True}
    assert inputs(run)["securityProfile"]["workloadIdentity"] == {"enabled": True}


def test_network_policies_are_enforced_and_pods_have_a_range_of_their_own(run: Run) -> None:
    assert inputs(run)["networkProfile"] == {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "networkDataplane": "cilium",
        "networkPolicy": "cilium",
        "podCidr": "100.64.0.0/16",
        "serviceCidr": "172.20.0.0/16",
        "dnsServiceIP": "172.20.0.10",
        "outboundType": "userAssignedNATGateway",
        "loadBalancerSku": "standard",
    }


def test_the_control_plane_has_its_rights_before_it_is_created(run: Run) -> None:
    created = the(run, CLUSTER, "aks-cluster")
    identity = the(run, IDENTITY, "aks-control-plane")
    mine = [each for each in of_type(run, RIGHT) if each.name.startswith("aks-control-plane-")]
    assert [(each.inputs["scope"], each.inputs["roleDefinitionId"].rpartition("/")[2]) for each in mine] == [
        ("/subnets/nodes", BuiltInRole.NETWORK_CONTRIBUTOR),
        ("/subnets/api-server", BuiltInRole.NETWORK_CONTRIBUTOR),
    ]
    assert {identity.urn, *(each.urn for each in mine)} <= set(created.dependencies)


def test_disks_of_nodes_are_encrypted_with_a_key_that_the_control_plane_may_look_up(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, disk_encryption_set_id="/sets/volumes"))
    assert inputs(run)["diskEncryptionSetID"] == "/sets/volumes"
    assert ("/sets/volumes", BuiltInRole.READER) in rights(run)


def test_the_system_pool_is_for_addons_over_all_zones_and_of_a_fixed_size(run: Run) -> None:
    (pool,) = inputs(run)["agentPoolProfiles"]
    assert (pool["name"], pool["mode"], pool["count"], pool["enableAutoScaling"]) == ("system", "System", 3, False)
    assert pool["availabilityZones"] == ["1", "2", "3"]
    assert pool["nodeTaints"] == ["CriticalAddonsOnly=true:NoSchedule"]
    assert (pool["osDiskType"], pool["osDiskSizeGB"]) == ("Ephemeral", 128)


def test_the_system_pool_names_no_version_where_other_pools_are_not_listed_beside_it(run: Run) -> None:
    (pool,) = inputs(run)["agentPoolProfiles"]
    assert "orchestratorVersion" not in pool


def test_the_system_pool_keeps_its_zones_when_the_network_gains_one(preview: Preview) -> None:
    kept = settings(systemPool={"vmSize": "Standard_D4ds_v5", "nodes": 3, "zones": ["1", "2"]})
    (pool,) = inputs(cluster(preview, replace(ARGS, settings=kept)))["agentPoolProfiles"]
    assert pool["availabilityZones"] == ["1", "2"]


def test_there_is_a_pool_in_each_zone_and_they_are_changed_one_after_the_other(run: Run) -> None:
    created = pools(run)
    assert {name: pool.inputs["availabilityZones"] for name, pool in created.items()} == {
        "general1": ["1"],
        "general2": ["2"],
        "general3": ["3"],
    }
    assert the(run, CLUSTER, "aks-cluster").urn in created["general1"].dependencies
    assert created["general1"].urn in created["general2"].dependencies
    assert created["general2"].urn in created["general3"].dependencies
    assert inputs(run)["autoScalerProfile"]["balanceSimilarNodeGroups"] == "true"


def test_a_pool_scales_within_its_bounds_and_nobody_sets_its_size_back(run: Run) -> None:
    pool = pools(run)["general1"]
    assert (pool.inputs["enableAutoScaling"], pool.inputs["minCount"], pool.inputs["maxCount"]) == (True, 1, 4)
    assert option(pool, "ignore_changes") == ["count"]
    assert pool.inputs["orchestratorVersion"] == "1.36"
    assert pool.inputs["upgradeSettings"] == {"maxSurge": "33%", "drainTimeoutInMinutes": 30}


def test_a_region_without_zones_has_one_pool_of_each_kind(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, zones=[]))
    (pool,) = pools(run).values()
    assert pool.inputs["agentPoolName"] == "general"
    assert "availabilityZones" not in pool.inputs
    (system,) = inputs(run)["agentPoolProfiles"]
    assert "availabilityZones" not in system


def test_labels_and_taints_reach_the_nodes_in_the_words_of_kubernetes(preview: Preview) -> None:
    marked = of_pool(labels={"workload": "batch"}, taints=[{"key": "other", "effect": "PREFER_NO_SCHEDULE"}])
    pool = pools(cluster(preview, replace(ARGS, settings=marked)))["general1"].inputs
    assert pool["nodeLabels"] == {"workload": "batch"}
    assert pool["nodeTaints"] == ["other=:PreferNoSchedule"]


def test_spot_machines_keep_pods_off_and_are_upgraded_without_a_surge(preview: Preview) -> None:
    run = cluster(preview, replace(ARGS, settings=settings(nodePools={"general": POOL, "spot": {**POOL, "spot": True}})))
    pool = pools(run)["spot1"].inputs
    assert (pool["scaleSetPriority"], pool["scaleSetEvictionPolicy"], pool["spotMaxPrice"]) == ("Spot", "Delete", -1)
    assert pool["nodeTaints"] == ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
    assert "upgradeSettings" not in pool


def test_nodes_are_encrypted_at_their_host_and_take_nobody_in(run: Run) -> None:
    assert "linuxProfile" not in inputs(run)  # which would hold a key for SSH
    (system,) = inputs(run)["agentPoolProfiles"]
    for pool in (system, *(each.inputs for each in pools(run).values())):
        assert pool["enableEncryptionAtHost"] is True
        assert pool["enableNodePublicIP"] is False


def test_control_plane_logs_go_to_the_workspace(run: Run) -> None:
    setting = the(run, DIAGNOSTICS, "aks-logs")
    assert {log["category"] for log in setting.inputs["logs"]} == set(CONTROL_PLANE_LOGS)
    assert {"kube-audit-admin", "guard", "kube-apiserver"} <= set(CONTROL_PLANE_LOGS)
    assert setting.inputs["workspaceId"] == WORKSPACE


@pytest.mark.parametrize(("sla", "tier"), [(True, "Standard"), (False, "Free")])
def test_an_sla_is_paid_for_where_it_is_asked_for(preview: Preview, *, sla: bool, tier: str) -> None:
    run = cluster(preview, replace(ARGS, settings=settings(uptimeSla=sla)))
    assert inputs(run)["sku"] == {"name": "Base", "tier": tier}


def test_policy_and_defender_are_installed_where_they_are_asked_for(preview: Preview, run: Run) -> None:
    assert inputs(run)["addonProfiles"] == {"azurepolicy": {"enabled": False}}
    assert "defender" not in inputs(run)["securityProfile"]
    full = inputs(cluster(preview, replace(ARGS, settings=settings(azurePolicy=True, defender=True))))
    assert full["addonProfiles"] == {"azurepolicy": {"enabled": True}}
    assert full["securityProfile"]["defender"]["logAnalyticsWorkspaceResourceId"] == WORKSPACE


def test_drivers_are_on_for_disks_and_off_for_what_nothing_claims(run: Run) -> None:
    assert inputs(run)["storageProfile"] == {
        "diskCSIDriver": {"enabled": True},
        "snapshotController": {"enabled": True},
        "fileCSIDriver": {"enabled": False},
        "blobCSIDriver": {"enabled": False},
    }


def test_nobody_but_aks_changes_what_it_made(run: Run) -> None:
    assert inputs(run)["nodeResourceGroup"] == "plinth-dev-nodes"
    assert inputs(run)["nodeResourceGroupProfile"] == {"restrictionLevel": "ReadOnly"}


@pytest.mark.parametrize("retain", [True, False])
def test_the_cluster_is_protected_and_no_lock_keeps_its_pools(preview: Preview, *, retain: bool) -> None:
    run = cluster(preview, replace(ARGS, retain=retain))
    assert bool(option(the(run, CLUSTER, "aks-cluster"), "protect")) is retain
    assert not of_type(run, LOCK)


def test_whatever_has_tags_bears_those_of_the_stack(run: Run) -> None:
    tagged = [*of_type(run, CLUSTER), *of_type(run, NODES), *of_type(run, IDENTITY)]
    assert len(tagged) == 5
    assert all(each.inputs["tags"] == LOCATION.tags for each in tagged)


def test_the_gate_of_what_runs_in_the_cluster_is_its_last_pool(preview: Preview) -> None:
    gates = []
    preview(lambda: gates.append(AksCluster("aks", ARGS).ready))
    (gate,) = gates
    assert gate.pulumi_resource_name == "aks-nodes-general3"


def test_the_preview_of_a_new_cluster_asks_nobody_for_its_kubeconfig(run: Run) -> None:
    (component,) = of_type(run, "plinth:cluster:AksCluster")
    assert component.outputs is not None
    assert "kubeconfig" in component.outputs


def test_a_release_whose_support_ends_soon_is_advised_against(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not cluster(preview).log
    monkeypatch.setattr("components.cluster.aks.cluster.support_advice", lambda _release, _service, _today: "support ends soon")
    (entry,) = cluster(preview).log
    assert entry.severity == "warning"
    assert "support ends soon. Set version to" in entry.message
