from __future__ import annotations

from policies.rules.database.network_security_groups import GROUP, RULE, azure_database_port_is_closed_to_internet
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided
from tests.policies.rules.database.good import SERVER

FROM_NODES = {
    "name": "nodes",
    "priority": 100.0,
    "access": "Allow",
    "direction": "Inbound",
    "protocol": "Tcp",
    "sourceAddressPrefix": "10.0.0.0/20",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRanges": ["5432", "6432"],
}
WEB = {**FROM_NODES, "name": "web", "sourceAddressPrefix": "Internet", "destinationPortRanges": ["80", "443"]}
SECURITY_GROUP = good(GROUP, {"resourceGroupName": "data", "securityRules": [FROM_NODES, WEB]}, "database")
ONE_RULE = good(RULE, {**FROM_NODES, "resourceGroupName": "data", "networkSecurityGroupName": "database"}, "rule")
SOURCE = "securityRules[0].sourceAddressPrefix"
SOURCES = "securityRules[0].sourceAddressPrefixes"
PORTS = "securityRules[0].destinationPortRanges"
WORLD = {SOURCE: "*"}

CASES = cases(
    azure_database_port_is_closed_to_internet,
    accepts(SECURITY_GROUP, beside=[SERVER]),
    accepts(ONE_RULE),
    accepts(SECURITY_GROUP, WORLD | {"securityRules[0].access": "Deny"}, beside=[SERVER]),
    accepts(SECURITY_GROUP, WORLD | {"securityRules[0].direction": "Outbound"}, beside=[SERVER]),
    accepts(SECURITY_GROUP, WORLD | {"securityRules[0].protocol": "Udp"}, beside=[SERVER]),
    accepts(SECURITY_GROUP, WORLD | {PORTS: ["30000-32767"]}, beside=[SERVER]),
    accepts(SECURITY_GROUP, WORLD | {PORTS: ["*"]}),
    *(refuses(SECURITY_GROUP, {SOURCE: source}, beside=[SERVER]) for source in ("*", "Internet", "0.0.0.0/0", "any")),
    refuses(SECURITY_GROUP, {SOURCE: None, SOURCES: ["10.0.0.0/8", "0.0.0.0/1"]}, at=f"{SOURCES}[1]", beside=[SERVER]),
    refuses(SECURITY_GROUP, {SOURCE: None, SOURCES: ["64.0.0.0/2", "128.0.0.0/2"]}, at=f"{SOURCES}[0]", beside=[SERVER]),
    *(refuses(SECURITY_GROUP, {PORTS: [ports], **WORLD}, beside=[SERVER]) for ports in ("*", "5000-6000", "6432")),
    refuses(SECURITY_GROUP, {PORTS: None, "securityRules[0].destinationPortRange": "5432", **WORLD}, beside=[SERVER]),
    refuses(ONE_RULE, {"sourceAddressPrefix": "Internet"}),
    undecided(SECURITY_GROUP, SOURCE, beside=[SERVER]),
    undecided(SECURITY_GROUP, f"{PORTS}[0]", {**WORLD, PORTS: ["80"]}, beside=[SERVER]),
    undecided(SECURITY_GROUP, "securityRules", beside=[SERVER]),
)
