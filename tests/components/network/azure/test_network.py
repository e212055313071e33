from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.components.network.azure.settings import ARGS, LOCATION, SUBSCRIPTION, network_settings, peered, run_network
from tests.components.recorded import behind, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run

NAMES = ("nodes", "api-server", "database", "private-endpoints")
OTHER_SUBSCRIPTION = "22222222-0000-4000-8000-000000000000"
GROUP = "azure-native:resources:ResourceGroup"
SUBNET = "azure-native:network:Subnet"
SECURITY_GROUP = "azure-native:network:NetworkSecurityGroup"
NAT = "azure-native:network:NatGateway"
ADDRESS = "azure-native:network:PublicIPAddress"
PEERING = "azure-native:network:VirtualNetworkPeering"
ZONE = "azure-native:privatedns:PrivateZone"
LINK = "azure-native:privatedns:VirtualNetworkLink"
FLOW_LOG = "azure-native:network:FlowLog"
DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting"


@pytest.fixture
def run() -> Run:
    return run_network()


def test_everything_is_put_into_a_resource_group_that_is_there(run: Run) -> None:
    (group,) = of_type(run, GROUP)
    assert (group.inputs["resourceGroupName"], group.inputs["location"]) == ("plinth-azure-production", "westeurope")
    others = [each for each in run.resources if each.custom and each is not group]
    assert [each.name for each in others if group.urn not in behind(run, each)] == []


def test_no_lock_is_on_the_group_or_the_zones_of_the_databases(run: Run) -> None:
    assert of_type(run, "azure-native:authorization:ManagementLockByScope") == []


@pytest.mark.parametrize("retain", [True, False])
def test_what_would_be_lost_for_ever_is_protected_where_the_stack_keeps_it(*, retain: bool) -> None:
    run = run_network(replace(ARGS, retain=retain))
    protected = {each.name for each in run.resources if option(each, "protect")}
    assert protected == ({"net-group", "net-logs", "net-nat-address", "net-flow-logs"} if retain else set())


@pytest.mark.parametrize("access", [{}, peered("10.250.0.0/20"), peered("10.250.0.0/20", subscription=OTHER_SUBSCRIPTION)])
def test_the_gate_is_behind_everything_that_carries_traffic(access: dict[str, Any]) -> None:
    run = run_network(access=access)
    gate = the(run, FLOW_LOG, "net-flow-log")
    before = behind(run, gate)
    left = [each.name for each in run.resources if each.custom and each.urn not in before and each.type != DIAGNOSTICS]
    assert left == ["net-flow-log"]


def test_subnets_are_made_one_after_the_other() -> None:
    run = run_network(access=peered("10.250.0.0/20"))
    subnets = [the(run, SUBNET, f"net-{name}-subnet") for name in NAMES]
    for earlier, later in pairwise(subnets):
        assert earlier.urn in later.dependencies
    assert all(subnets[-1].urn in peering.dependencies for peering in of_type(run, PEERING))


def test_each_subnet_has_its_range_and_security_group(run: Run) -> None:
    ranges = ("10.20.0.0/19", "10.20.240.0/23", "10.20.192.0/22", "10.20.224.0/23")
    for name, cidr in zip(NAMES, ranges, strict=True):
        subnet = the(run, SUBNET, f"net-{name}-subnet")
        assert (subnet.inputs["subnetName"], subnet.inputs["addressPrefix"]) == (name, cidr)
        assert the(run, SECURITY_GROUP, f"net-{name}").urn in subnet.dependencies


def test_only_nodes_go_out_and_nobody_by_an_address_that_azure_chooses(run: Run) -> None:
    (gateway,) = of_type(run, NAT)
    subnets = {name: the(run, SUBNET, f"net-{name}-subnet") for name in NAMES}
    assert [name for name, subnet in subnets.items() if gateway.urn in subnet.dependencies] == ["nodes"]
    assert subnets["nodes"].inputs["defaultOutboundAccess"] is False
    assert subnets["private-endpoints"].inputs["defaultOutboundAccess"] is False


def test_services_have_subnets_of_their_own_in_which_they_decide_how_they_go_out(run: Run) -> None:
    delegated = {"api-server": "Microsoft.ContainerService/managedClusters", "database": "Microsoft.DBforPostgreSQL/flexibleServers"}
    for name, service in delegated.items():
        inputs = the(run, SUBNET, f"net-{name}-subnet").inputs
        assert [each["serviceName"] for each in inputs["delegations"]] == [service]
        assert "defaultOutboundAccess" not in inputs
    assert the(run, SUBNET, "net-database-subnet").inputs["serviceEndpoints"] == [{"service": "Microsoft.Storage"}]


def test_security_groups_hold_for_private_endpoints(run: Run) -> None:
    inputs = the(run, SUBNET, "net-private-endpoints-subnet").inputs
    assert inputs["privateEndpointNetworkPolicies"] == "NetworkSecurityGroupEnabled"


def test_the_way_out_outlives_a_zone(run: Run) -> None:
    (gateway,), (address,) = of_type(run, NAT), of_type(run, ADDRESS)
    assert gateway.inputs["sku"] == address.inputs["sku"] == {"name": "StandardV2"}
    assert "zones" not in gateway.inputs
    assert address.inputs["zones"] == ["1", "2", "3"]
    assert address.inputs["publicIPAllocationMethod"] == "Static"


def test_a_gateway_of_the_other_kind_has_another_name_so_that_both_can_be_there(run: Run) -> None:
    zonal = run_network(natGateway="zonal")
    assert of_type(zonal, NAT)[0].inputs["sku"] == of_type(zonal, ADDRESS)[0].inputs["sku"] == {"name": "Standard"}
    for token, key in ((NAT, "natGatewayName"), (ADDRESS, "publicIpAddressName")):
        assert of_type(zonal, token)[0].inputs[key] != of_type(run, token)[0].inputs[key]


def test_a_gateway_that_the_subnet_still_holds_is_not_deleted_before_its_successor_is_there(run: Run) -> None:
    assert [option(each, "delete_before_replace") for token in (NAT, ADDRESS) for each in of_type(run, token)] == [False, False]


def test_an_address_has_no_zones_where_the_region_has_none() -> None:
    args = replace(ARGS, location=replace(LOCATION, location="ukwest"), settings=network_settings(zones=[]))
    (address,) = of_type(run_network(args), ADDRESS)
    assert "zones" not in address.inputs


def test_names_are_resolved_inside_the_network(run: Run) -> None:
    zones = {zone.inputs["privateZoneName"]: zone for zone in of_type(run, ZONE)}
    assert set(zones) == {
        "plinth-azure-production.private.postgres.database.azure.com",
        "privatelink.blob.core.windows.net",
        "privatelink.vaultcore.azure.net",
    }
    (virtual_network,) = of_type(run, "azure-native:network:VirtualNetwork")
    links = of_type(run, LINK)
    assert all(virtual_network.urn in link.dependencies for link in links)
    assert {urn for link in links for urn in link.dependencies} >= {zone.urn for zone in zones.values()}
    assert {(link.inputs["location"], link.inputs["registrationEnabled"]) for link in links} == {("global", False)}


def test_a_peered_network_resolves_the_database_alone() -> None:
    run = run_network(access=peered("10.250.0.0/20"))
    hub = peered()["peering"]["virtualNetwork"]
    assert [link.name for link in of_type(run, LINK) if link.inputs["virtualNetwork"].get("id") == hub] == ["net-database-peer-link"]


def test_a_peering_within_the_subscription_is_made_from_both_sides_the_other_one_first() -> None:
    run = run_network(access=peered("10.250.0.0/20", remoteGateway=True))
    here, there = the(run, PEERING, "net-peering"), the(run, PEERING, "net-peering-remote")
    assert (there.inputs["resourceGroupName"], there.inputs["virtualNetworkName"]) == ("hub-network", "hub")
    assert there.inputs["virtualNetworkPeeringName"] == "plinth-azure-production"
    assert there.inputs["allowGatewayTransit"] is True
    assert here.inputs["useRemoteGateways"] is True
    assert there.urn in here.dependencies


def test_a_stack_of_another_region_is_joined_directly_from_both_sides_after_the_hub() -> None:
    other = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rest/providers/Microsoft.Network/virtualNetworks/primary"
    run = run_network(access={**peered("10.250.0.0/20"), "peers": [other]})
    here, there = the(run, PEERING, "net-peering-primary"), the(run, PEERING, "net-peering-primary-remote")
    assert (here.inputs["virtualNetworkPeeringName"], here.inputs["remoteVirtualNetwork"]["id"]) == ("primary", other)
    assert (there.inputs["resourceGroupName"], there.inputs["virtualNetworkName"]) == ("rest", "primary")
    assert (here.inputs["useRemoteGateways"], there.inputs["allowGatewayTransit"]) == (False, False)
    # Azure changes one thing of a network at a time.
    assert the(run, PEERING, "net-peering").urn in there.dependencies
    assert there.urn in here.dependencies


def test_a_peering_with_another_subscription_waits_for_its_owners() -> None:
    run = run_network(access=peered("10.250.0.0/20", subscription=OTHER_SUBSCRIPTION))
    (peering,) = of_type(run, PEERING)
    assert OTHER_SUBSCRIPTION in peering.inputs["remoteVirtualNetwork"]["id"]
    assert peering.inputs["useRemoteGateways"] is False


def test_another_hub_replaces_the_peering_and_the_link_which_azure_does_not_change() -> None:
    run = run_network(access=peered("10.250.0.0/20"))
    for peering in of_type(run, PEERING):
        assert option(peering, "replace_on_changes") == ["remoteVirtualNetwork"]
        assert option(peering, "delete_before_replace") is True
    assert all(option(link, "replace_on_changes") == ["virtualNetwork"] for link in of_type(run, LINK))


def test_all_traffic_is_logged_to_an_account_that_only_an_identity_opens(run: Run) -> None:
    (flow_log,) = of_type(run, FLOW_LOG)
    assert (flow_log.inputs["resourceGroupName"], flow_log.inputs["networkWatcherName"]) == (
        "NetworkWatcherRG",
        "NetworkWatcher_westeurope",
    )
    assert flow_log.inputs["flowLogName"] == "plinth-azure-production"
    assert flow_log.inputs["identity"]["type"] == "UserAssigned"
    (account,) = of_type(run, "azure-native:storage:StorageAccount")
    assert account.inputs["allowSharedKeyAccess"] is False
    assert account.inputs["networkRuleSet"]["bypass"] == "AzureServices"
    (right,) = of_type(run, "azure-native:authorization:RoleAssignment")
    assert {right.urn, account.urn} <= behind(run, flow_log)
    analytics = flow_log.inputs["flowAnalyticsConfiguration"]["networkWatcherFlowAnalyticsConfiguration"]
    assert (analytics["enabled"], analytics["trafficAnalyticsInterval"]) == (True, 10)


def test_flow_logs_are_read_by_an_address_of_the_network(run: Run) -> None:
    (endpoint,) = of_type(run, "azure-native:network:PrivateEndpoint")
    assert the(run, SUBNET, "net-private-endpoints-subnet").urn in endpoint.dependencies
    (group,) = of_type(run, "azure-native:network:PrivateDnsZoneGroup")
    assert the(run, ZONE, "net-blob-zone").urn in group.dependencies


def test_the_endpoint_does_not_meet_another_change_of_the_account(run: Run) -> None:
    (endpoint,) = of_type(run, "azure-native:network:PrivateEndpoint")
    (expiry,) = of_type(run, "azure-native:storage:ManagementPolicy")
    assert expiry.urn in endpoint.dependencies


def test_a_private_endpoint_is_made_after_the_peering_which_changes_the_same_network() -> None:
    run = run_network(access=peered("10.250.0.0/20"))
    (endpoint,) = of_type(run, "azure-native:network:PrivateEndpoint")
    assert the(run, PEERING, "net-peering").urn in endpoint.dependencies


def test_logs_are_kept_for_the_tiers_retention_wherever_they_are() -> None:
    run = run_network(logRetention="400d")
    (workspace,) = of_type(run, "azure-native:operationalinsights:Workspace")
    assert workspace.inputs["retentionInDays"] == 400
    assert "workspaceCapping" not in workspace.inputs
    (expiry,) = of_type(run, "azure-native:storage:ManagementPolicy")
    (rule,) = expiry.inputs["policy"]["rules"]
    assert rule["definition"]["actions"]["baseBlob"]["delete"] == {"daysAfterModificationGreaterThan": 400}
    assert of_type(run, FLOW_LOG)[0].inputs["retentionPolicy"] == {"enabled": False, "days": 0}


def test_a_network_watcher_with_another_name_is_found() -> None:
    watcher = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/watchers/providers/Microsoft.Network/networkWatchers/ours"
    (flow_log,) = of_type(run_network(networkWatcher=watcher), FLOW_LOG)
    assert (flow_log.inputs["resourceGroupName"], flow_log.inputs["networkWatcherName"]) == ("watchers", "ours")


def test_everything_that_has_diagnostics_sends_them_to_the_workspace(run: Run) -> None:
    (workspace,) = of_type(run, "azure-native:operationalinsights:Workspace")
    settings = of_type(run, DIAGNOSTICS)
    assert {setting.name for setting in settings} == {
        *(f"net-{name}-diagnostics" for name in NAMES),
        *("net-nat-address-diagnostics", "net-virtual-network-diagnostics"),
    }
    assert all(workspace.urn in setting.dependencies for setting in settings)


def test_everything_that_can_be_tagged_is(run: Run) -> None:
    untaggable = {
        *(SUBNET, DIAGNOSTICS, "azure-native:authorization:RoleAssignment", "azure-native:storage:ManagementPolicy"),
        "azure-native:network:PrivateDnsZoneGroup",
    }
    others = [each for each in run.resources if each.custom and each.type not in untaggable]
    assert len(others) > 10
    assert [each.name for each in others if each.inputs.get("tags", {}).get("team") != "platform_team"] == []


def test_the_account_of_flow_logs_declares_what_its_loss_may_cost(run: Run) -> None:
    (account,) = (each for each in run.resources if each.type == "azure-native:storage:StorageAccount")
    assert account.inputs["tags"] == {"team": "platform_team", "platform:rpo": "1h", "platform:rto": "4h"}


def test_whoever_runs_the_other_networks_is_told_what_to_peer_and_route() -> None:
    (component,) = of_type(run_network(access=peered("10.250.0.0/20", "10.251.0.0/20")), "plinth:network:AzureNetwork")
    assert component.outputs is not None
    handover = component.outputs["handover"]
    assert handover["virtualNetworkCidr"] == "10.20.0.0/16"
    assert handover["callerCidrs"] == ["10.250.0.0/20", "10.251.0.0/20"]
    assert {"virtualNetworkId", "peeringId"} <= set(handover)
