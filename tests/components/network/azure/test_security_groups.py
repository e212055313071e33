from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from components.network.azure.network import AzureNetworkArgs
from components.network.azure.security_groups import Opening
from tests.components.network.azure.settings import ARGS, peered, run_network
from tests.components.recorded import the

NODE, POD, API_SERVER, DATABASE = "10.20.0.7", "100.64.9.4", "10.20.240.5", "10.20.192.4"
CALLER, STRANGER = "10.250.3.4", "10.99.0.1"
ENDPOINT = "10.20.224.4"


def lets_in(rules: list[dict[str, Any]], source: str, destination: str, port: int, protocol: str = "Tcp") -> bool:
    """What Azure decides of a packet that comes from a network that is joined: the first rule that matches, by priority."""

    def matches(rule: dict[str, Any]) -> bool:
        ports = rule.get("destinationPortRanges") or [rule["destinationPortRange"]]
        sources = rule.get("sourceAddressPrefixes") or [rule["sourceAddressPrefix"]]
        destinations = rule.get("destinationAddressPrefixes") or [rule["destinationAddressPrefix"]]
        return (
            rule["protocol"] in {"*", protocol}
            and any(each in {"*", str(port)} for each in ports)
            and any(each in {"*", "VirtualNetwork"} or (each[0].isdigit() and IPv4Address(source) in IPv4Network(each)) for each in sources)
            and any(each == "*" or IPv4Address(destination) in IPv4Network(each) for each in destinations)
        )

    inbound = [rule for rule in rules if rule["direction"] == "Inbound"]
    decided = next(rule for rule in sorted(inbound, key=lambda rule: rule["priority"]) if matches(rule))
    return bool(decided["access"] == "Allow")


def rules(subnet: str, args: AzureNetworkArgs = ARGS, **changes: Any) -> list[dict[str, Any]]:
    run = run_network(args, **{"access": peered("10.250.0.0/20", "10.251.0.0/20"), **changes})
    group = the(run, "azure-native:network:NetworkSecurityGroup", f"net-{subnet}")
    found: list[dict[str, Any]] = group.inputs["securityRules"]
    assert len({rule["priority"] for rule in found}) == len(found)
    assert len({rule["name"] for rule in found}) == len(found)
    return found


@pytest.mark.parametrize(
    ("subnet", "source", "destination", "port", "expected"),
    [
        ("nodes", NODE, NODE, 10250, True),
        ("nodes", NODE, POD, 8080, True),
        ("nodes", POD, POD, 4222, True),
        ("nodes", API_SERVER, NODE, 10250, True),
        ("nodes", API_SERVER, POD, 8443, True),
        ("nodes", CALLER, NODE, 10250, False),
        ("nodes", STRANGER, NODE, 443, False),
        ("api-server", NODE, API_SERVER, 443, True),
        ("api-server", NODE, API_SERVER, 4443, True),
        ("api-server", API_SERVER, API_SERVER, 2380, True),
        ("api-server", CALLER, API_SERVER, 443, True),
        ("api-server", CALLER, API_SERVER, 4443, False),
        ("api-server", STRANGER, API_SERVER, 443, False),
        ("database", NODE, DATABASE, 5432, True),
        ("database", NODE, DATABASE, 6432, True),
        ("database", NODE, DATABASE, 22, False),
        ("database", DATABASE, DATABASE, 5432, True),
        ("database", CALLER, DATABASE, 5432, True),
        ("database", STRANGER, DATABASE, 5432, False),
        ("private-endpoints", NODE, ENDPOINT, 443, True),
        ("private-endpoints", CALLER, ENDPOINT, 443, True),
        ("private-endpoints", STRANGER, ENDPOINT, 443, False),
    ],
)
def test_who_may_call_what(subnet: str, source: str, destination: str, port: int, *, expected: bool) -> None:
    assert lets_in(rules(subnet), source, destination, port) is expected


@pytest.mark.parametrize("subnet", ["nodes", "api-server"])
def test_the_way_to_pods_is_let_out_whose_addresses_are_not_the_networks(subnet: str) -> None:
    (out,) = (rule for rule in rules(subnet) if rule["direction"] == "Outbound")
    assert (out["access"], out["protocol"], out["destinationPortRange"]) == ("Allow", "*", "*")
    assert out["destinationAddressPrefixes"] == ["10.20.0.0/19", "100.64.0.0/16"]


def test_name_lookups_of_pods_come_through() -> None:
    assert lets_in(rules("nodes"), POD, POD, 53, "Udp")


@pytest.mark.parametrize("subnet", ["nodes", "api-server", "database"])
def test_load_balancers_of_azure_see_whether_what_is_behind_them_is_well(subnet: str) -> None:
    (probes,) = (rule for rule in rules(subnet) if rule.get("sourceAddressPrefix") == "AzureLoadBalancer")
    assert (probes["access"], probes["protocol"], probes["destinationPortRange"]) == ("Allow", "*", "*")


def test_the_internet_comes_to_load_balancers_at_the_ports_that_are_set_and_nowhere_else() -> None:
    assert "Internet" not in str(rules("nodes"))
    opened = rules("nodes", loadBalancerPorts=[80, 443])
    (internet,) = (rule for rule in opened if rule.get("sourceAddressPrefix") == "Internet")
    assert (internet["protocol"], internet["destinationPortRanges"]) == ("Tcp", ["80", "443"])
    assert lets_in(opened, CALLER, NODE, 443)
    for subnet in ("api-server", "database", "private-endpoints"):
        assert "Internet" not in str(rules(subnet, loadBalancerPorts=[80, 443]))


def test_clusters_elsewhere_come_to_the_ports_that_are_opened_to_them() -> None:
    opened = rules("nodes", replace(ARGS, openings=[Opening(name="leaf-nodes", sources=["10.128.0.0/16"], ports=[7422])]))
    assert lets_in(opened, "10.128.3.4", NODE, 7422)
    assert not lets_in(opened, "10.128.3.4", NODE, 4222)
    assert not lets_in(rules("nodes"), "10.128.3.4", NODE, 7422)


def test_nobody_reaches_databases_where_there_are_none() -> None:
    without = rules("database", replace(ARGS, database_ports=()))
    assert not lets_in(without, NODE, DATABASE, 5432)
    assert not lets_in(without, CALLER, DATABASE, 5432)
