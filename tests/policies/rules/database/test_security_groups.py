from __future__ import annotations

from typing import Any

import pytest

from policies.model import Resource
from policies.rules.database.kinds import RDS_INSTANCE
from policies.rules.database.security_groups import DEFAULT_GROUP, GROUP, INGRESS_RULE, RULE, SECURITY_GROUPS
from policies.values import UNKNOWN
from tests.policies.rules.database.fixtures import INSTANCE, RULES
from tests.policies.rules.judging import changed, judge, only, resource, undecided, urn_of

INGRESS: dict[str, Any] = {"protocol": "tcp", "fromPort": 5432.0, "toPort": 5432.0, "cidrBlocks": ["10.0.0.0/16"]}
OWN = urn_of(GROUP, "database")


def database(*groups: str) -> Resource:
    return resource(RDS_INSTANCE, INSTANCE, "database", depends_on=groups)


def inline(**fields: Any) -> dict[str, Any]:
    return {
        "vpcId": UNKNOWN,
        "ingress": [{"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrBlocks": ["0.0.0.0/0"]}, INGRESS | fields],
    }


@pytest.mark.parametrize("token", [GROUP, DEFAULT_GROUP])
def test_a_group_open_to_the_cluster_alone_is_clean(token: str) -> None:
    group = resource(token, inline(), "database")
    assert judge(RULES, database(group.urn), group) == []
    assert undecided(group) == []


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"cidrBlocks": ["10.0.0.0/16", "0.0.0.0/0"]}, "ingress[1].cidrBlocks[1] = '0.0.0.0/0'"),
        ({"ipv6CidrBlocks": ["::/0"]}, "ingress[1].ipv6CidrBlocks[0] = '::/0'"),
        ({"cidrBlocks": ["0.0.0.0/0"], "fromPort": 0.0, "toPort": 65535.0}, "cidrBlocks[0]"),
        ({"cidrBlocks": ["0.0.0.0/0"], "fromPort": "5000", "toPort": "6000"}, "cidrBlocks[0]"),
        ({"cidrBlocks": ["0.0.0.0/0"], "protocol": "-1", "fromPort": 0.0, "toPort": 0.0}, "cidrBlocks[0]"),
        ({"cidrBlocks": ["0.0.0.0/0"], "protocol": -1.0, "fromPort": 0.0, "toPort": 0.0}, "cidrBlocks[0]"),
        ({"cidrBlocks": ["0.0.0.0/0"], "protocol": "6"}, "cidrBlocks[0]"),
        ({"cidrBlocks": ["128.0.0.0/1"]}, "cidrBlocks[0]"),
    ],
)
def test_a_group_open_to_the_internet_is_the_one_violation(fields: dict[str, Any], where: str) -> None:
    group = resource(GROUP, inline(**fields), "database")
    assert only(judge(RULES, database(group.urn), group), SECURITY_GROUPS, where).urn == group.urn


@pytest.mark.parametrize(
    "fields",
    [
        {"cidrBlocks": ["0.0.0.0/0"], "protocol": "udp"},
        {"cidrBlocks": ["0.0.0.0/0"], "fromPort": 80.0, "toPort": 5431.0},
        {"cidrBlocks": ["not a network"]},
        {"cidrBlocks": None, "securityGroups": [UNKNOWN]},
    ],
)
def test_other_openings_do_not_concern_the_database(fields: dict[str, Any]) -> None:
    group = resource(GROUP, inline(**fields), "database")
    assert judge(RULES, database(group.urn), group) == []
    assert undecided(group) == []


def test_the_port_of_the_database_itself_counts_too() -> None:
    group = resource(GROUP, inline(cidrBlocks=["0.0.0.0/0"], fromPort=6432.0, toPort=6432.0), "database")
    assert judge(RULES, database(group.urn), group) == []
    moved = resource(RDS_INSTANCE, {**INSTANCE, "port": 6432.0}, "database", depends_on=[group.urn])
    only(judge(RULES, moved, group), SECURITY_GROUPS, "cidrBlocks[0]")


@pytest.mark.parametrize(
    ("token", "properties", "where"),
    [
        (INGRESS_RULE, {"ipProtocol": "tcp", "fromPort": 5432.0, "toPort": 5432.0, "cidrIpv4": "0.0.0.0/0"}, "cidrIpv4 = '0.0.0.0/0'"),
        (INGRESS_RULE, {"ipProtocol": "-1", "cidrIpv6": "::/0"}, "cidrIpv6 = '::/0'"),
        (RULE, {**INGRESS, "type": "ingress", "cidrBlocks": ["0.0.0.0/0"]}, "cidrBlocks[0] = '0.0.0.0/0'"),
        (RULE, {**INGRESS, "type": "ingress", "ipv6CidrBlocks": ["::/0"]}, "ipv6CidrBlocks[0] = '::/0'"),
    ],
)
def test_a_separate_rule_open_to_the_internet_is_the_one_violation(token: str, properties: dict[str, Any], where: str) -> None:
    rule = resource(token, {**properties, "securityGroupId": UNKNOWN}, "rule", depends_on=[OWN])
    group = resource(GROUP, {}, "database")
    assert only(judge(RULES, database(OWN), group, rule), SECURITY_GROUPS, where).urn == rule.urn
    other = database(urn_of(GROUP, "another"))
    assert judge(RULES, other, group, rule) == []


@pytest.mark.parametrize("others", [["a-cluster"], ["z-cluster"]])
def test_a_rule_is_of_the_databases_group_whatever_other_group_it_depends_on(others: list[str]) -> None:
    opening = {"ipProtocol": "tcp", "fromPort": 5432.0, "toPort": 5432.0, "cidrIpv4": "0.0.0.0/0", "securityGroupId": UNKNOWN}
    rule = resource(INGRESS_RULE, opening, "rule", depends_on=sorted([OWN, *(urn_of(GROUP, name) for name in others)]))
    assert only(judge(RULES, database(OWN), rule), SECURITY_GROUPS, "cidrIpv4").urn == rule.urn


def test_separate_rules_that_let_in_a_group_or_let_out_are_clean() -> None:
    rules = [
        resource(INGRESS_RULE, {"ipProtocol": "tcp", "fromPort": 5432.0, "toPort": 5432.0, "referencedSecurityGroupId": UNKNOWN}, "in"),
        resource(RULE, {**INGRESS, "type": "egress", "cidrBlocks": ["0.0.0.0/0"]}, "out"),
    ]
    assert judge(RULES, database(), *rules) == []
    assert undecided(*rules) == []


def test_a_group_that_no_database_uses_is_not_judged_where_dependencies_tell() -> None:
    bastion = resource(GROUP, inline(cidrBlocks=["0.0.0.0/0"], protocol="-1"), "bastion")
    assert judge(RULES, database(OWN), resource(GROUP, inline(), "database"), bastion) == []
    only(judge(RULES, database(), bastion), SECURITY_GROUPS, "cidrBlocks[0]")


def test_without_a_database_only_its_very_port_is_judged() -> None:
    only(judge(RULES, resource(GROUP, inline(cidrBlocks=["0.0.0.0/0"]))), SECURITY_GROUPS, "cidrBlocks[0]")
    assert judge(RULES, resource(GROUP, inline(cidrBlocks=["0.0.0.0/0"], protocol="-1", fromPort=0.0, toPort=0.0))) == []


@pytest.mark.parametrize(
    ("fields", "noted"),
    [
        ({"cidrBlocks": [UNKNOWN]}, "ingress[1].cidrBlocks[0]"),
        ({"cidrBlocks": UNKNOWN}, "ingress[1].cidrBlocks"),
        ({"cidrBlocks": ["0.0.0.0/0"], "fromPort": UNKNOWN}, "ingress[1].fromPort"),
        ({"cidrBlocks": ["0.0.0.0/0"], "toPort": UNKNOWN}, "ingress[1].toPort"),
        ({"cidrBlocks": ["10.0.0.0/16"], "toPort": UNKNOWN}, None),
    ],
)
def test_an_opening_that_may_be_to_the_internet_is_undecided(fields: dict[str, Any], noted: str | None) -> None:
    group = resource(GROUP, inline(**fields), "database")
    assert judge(RULES, database(group.urn), group) == []
    assert undecided(group) == ([noted] if noted else [])


def test_an_unreadable_port_counts_as_no_port() -> None:
    group = resource(GROUP, changed(inline(cidrBlocks=["0.0.0.0/0"]), "ingress/1/fromPort", "postgres"), "database")
    assert judge(RULES, database(group.urn), group) == []
