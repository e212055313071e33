from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.cluster.aks.cluster import CONTROL_PLANE_LOGS, AksCluster, AksClusterArgs
from facts.azure import BuiltInRole
from tests.components.azure import LOCATION, WORKSPACE
from tests.components.cluster.aks.settings import ADMINS, VIEWERS, settings
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
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


def test_everything_belongs_to_the_component(run: Run) -> None:
    (component,) = of_type(run, "plinth:cluster:AksCluster")
    assert all(resource.parent == component.urn for resource in run.resources if resource.type.startswith("azure-native:"))


def test_its_targets_are_declared_as_tags_beside_those_of_the_stack(preview: Preview, run: Run) -> None:
    declared = inputs(cluster(preview, replace(ARGS, settings=settings(recovery={"rpo": "1h", "rto": "4h"}))))
    assert declared["tags"] == {**inputs(run)["tags"], "platform:rpo": "1h", "platform:rto": "4h"}


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
