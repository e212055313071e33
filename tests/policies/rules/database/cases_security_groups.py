from __future__ import annotations

from policies.model import Resource
from policies.rules.database.kinds import RDS_INSTANCE
from policies.rules.database.security_groups import GROUP, INGRESS_RULE, database_port_is_closed_to_internet
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided, urn_of
from tests.policies.rules.database.good import (
    BARE_GROUP,
    DEFAULT_SECURITY_GROUP,
    GUARDED,
    INSTANCE,
    OLD_RULE,
    SECURITY_GROUP,
    SEPARATE_RULE,
    WEB,
)

OPENING = "ingress[1]"
CIDRS = f"{OPENING}.cidrBlocks"
WORLD = {CIDRS: ["0.0.0.0/0"]}
FIRST = f"{CIDRS}[0]"
ELSEWHERE = good(RDS_INSTANCE, INSTANCE.properties, "database", after=[urn_of(GROUP, "another")])
LOOSE = good(RDS_INSTANCE, INSTANCE.properties, "database")
MOVED = changed(GUARDED, {"port": 6432.0})
BASTION = good(GROUP, {"ingress": [{**WEB, "protocol": "-1"}]}, "bastion")
OPEN_OLD_RULE = changed(OLD_RULE, {"cidrBlocks": ["0.0.0.0/0"]})
ANY_PROTOCOL = {f"{OPENING}.fromPort": 0.0, f"{OPENING}.toPort": 0.0}


def opened(*others: str) -> Resource:
    return good(INGRESS_RULE, {**SEPARATE_RULE.properties, "cidrIpv4": "0.0.0.0/0"}, "rule", after=sorted([SECURITY_GROUP.urn, *others]))


CASES = cases(
    database_port_is_closed_to_internet,
    accepts(SECURITY_GROUP, beside=[GUARDED]),
    accepts(DEFAULT_SECURITY_GROUP, beside=[good(RDS_INSTANCE, INSTANCE.properties, "database", after=[DEFAULT_SECURITY_GROUP.urn])]),
    accepts(SECURITY_GROUP, WORLD | {f"{OPENING}.protocol": "udp"}, beside=[GUARDED]),
    accepts(SECURITY_GROUP, WORLD | {f"{OPENING}.fromPort": 80.0, f"{OPENING}.toPort": 5431.0}, beside=[GUARDED]),
    accepts(SECURITY_GROUP, WORLD | {f"{OPENING}.fromPort": "postgres"}, beside=[GUARDED]),
    accepts(SECURITY_GROUP, {CIDRS: ["not a network"]}, beside=[GUARDED]),
    accepts(SECURITY_GROUP, {CIDRS: None, f"{OPENING}.securityGroups": [UNKNOWN]}, beside=[GUARDED]),
    accepts(SECURITY_GROUP, WORLD | {f"{OPENING}.fromPort": 6432.0, f"{OPENING}.toPort": 6432.0}, beside=[GUARDED]),
    accepts(SECURITY_GROUP, {f"{OPENING}.toPort": UNKNOWN}, beside=[GUARDED]),
    accepts(SEPARATE_RULE, beside=[GUARDED, BARE_GROUP]),
    accepts(SEPARATE_RULE, {"cidrIpv4": "0.0.0.0/0"}, beside=[ELSEWHERE, BARE_GROUP]),
    accepts(SEPARATE_RULE, {"cidrIpv4": None, "referencedSecurityGroupId": UNKNOWN}, beside=[LOOSE]),
    accepts(OPEN_OLD_RULE, {"type": "egress"}, beside=[LOOSE]),
    accepts(BASTION, beside=[GUARDED, SECURITY_GROUP]),
    accepts(SECURITY_GROUP, WORLD | ANY_PROTOCOL | {f"{OPENING}.protocol": "-1"}),
    refuses(SECURITY_GROUP, {CIDRS: ["10.0.0.0/16", "0.0.0.0/0"]}, at=f"{CIDRS}[1]", beside=[GUARDED]),
    refuses(SECURITY_GROUP, {f"{OPENING}.ipv6CidrBlocks": ["::/0"]}, at=f"{OPENING}.ipv6CidrBlocks[0]", beside=[GUARDED]),
    refuses(SECURITY_GROUP, WORLD | {f"{OPENING}.fromPort": 0.0, f"{OPENING}.toPort": 65535.0}, at=FIRST, beside=[GUARDED]),
    refuses(SECURITY_GROUP, WORLD | {f"{OPENING}.fromPort": "5000", f"{OPENING}.toPort": "6000"}, at=FIRST, beside=[GUARDED]),
    *(
        refuses(SECURITY_GROUP, WORLD | ANY_PROTOCOL | {f"{OPENING}.protocol": protocol}, at=FIRST, beside=[GUARDED])
        for protocol in ("-1", -1.0)
    ),
    refuses(SECURITY_GROUP, WORLD | {f"{OPENING}.protocol": "6"}, at=FIRST, beside=[GUARDED]),
    refuses(SECURITY_GROUP, {CIDRS: ["128.0.0.0/1"]}, at=FIRST, beside=[GUARDED]),
    refuses(SECURITY_GROUP, {CIDRS: ["0.0.0.0/2", "128.0.0.0/2"]}, at=FIRST, beside=[GUARDED]),
    accepts(SECURITY_GROUP, {CIDRS: ["10.0.0.0/8", "128.0.0.0/2"]}, beside=[GUARDED]),
    refuses(SECURITY_GROUP, WORLD | {f"{OPENING}.fromPort": 6432.0, f"{OPENING}.toPort": 6432.0}, at=FIRST, beside=[MOVED]),
    refuses(SECURITY_GROUP, WORLD, at=FIRST),
    refuses(BASTION, at="ingress[0].cidrBlocks[0]", beside=[LOOSE]),
    refuses(SEPARATE_RULE, {"cidrIpv4": "0.0.0.0/0"}, beside=[GUARDED, BARE_GROUP]),
    refuses(SEPARATE_RULE, {"cidrIpv4": None, "ipProtocol": "-1", "cidrIpv6": "::/0"}, beside=[GUARDED, BARE_GROUP]),
    refuses(OPEN_OLD_RULE, at="cidrBlocks[0]", beside=[GUARDED, BARE_GROUP]),
    refuses(OLD_RULE, {"ipv6CidrBlocks": ["::/0"]}, at="ipv6CidrBlocks[0]", beside=[GUARDED, BARE_GROUP]),
    *(refuses(opened(urn_of(GROUP, name)), at="cidrIpv4", beside=[GUARDED]) for name in ("a-cluster", "z-cluster")),
    undecided(SECURITY_GROUP, FIRST, beside=[GUARDED]),
    undecided(SECURITY_GROUP, CIDRS, beside=[GUARDED]),
    undecided(OPEN_OLD_RULE, "type", beside=[GUARDED, BARE_GROUP]),
    undecided(SECURITY_GROUP, f"{OPENING}.fromPort", WORLD, beside=[GUARDED]),
    undecided(SECURITY_GROUP, f"{OPENING}.toPort", WORLD, beside=[GUARDED]),
)
