"""PG-015: no security group of a database lets the internet reach its port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from facts.addresses import is_worldwide
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.numeric import number
from policies.rules.database.kinds import RDS_CLUSTER, RDS_INSTANCE
from policies.urns import type_of
from policies.values import UNKNOWN, Value

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
POSTGRES_PORT: Final = 5432

_GROUPS: Final = (GROUP, DEFAULT_GROUP)
_CURE: Final = "Let in the security group of the cluster's nodes, or the CIDRs of their subnets"


_OWN_PORT: Final = "an unknown port is mostly the default one, which is judged anyway"
_ASKED_LATER: Final = "what is private need not be known further; what may be public is asked for again"
_THAT_VERY_PORT: Final = "without a database only a rule that names its port is about one"


@dataclass(frozen=True, kw_only=True)
class _Opening:
    """One permission to connect: to which ports, and from where (CIDRs or lists of them).

    ``groups`` are the URNs that its security group is among: a rule depends on the group that it is of and on the one that it lets in.
    """

    resource: Resource
    groups: frozenset[str]
    protocol: Value
    first: Value
    last: Value
    sources: tuple[Value, ...]


@stack_rule("PG-015", on=(RDS_INSTANCE, RDS_CLUSTER, *_GROUPS, RULE, INGRESS_RULE))
def database_port_is_closed_to_internet(resources: Sequence[Resource], _: Stack) -> Findings:
    """Neither in a group of its own nor by a rule that somebody adds to it."""
    databases = [resource for resource in resources if resource.type in {RDS_INSTANCE, RDS_CLUSTER}]
    ports = {POSTGRES_PORT, *(int(port) for database in databases if isinstance(port := database["port"].peek(_OWN_PORT), int | float))}
    for resource in resources:
        for opening in _openings(resource):
            # Ports and protocol are asked for only where the source may be the internet: what is private need not be known further.
            sources = _worldwide(opening)
            if sources and _serves(opening, databases) and _reaches(opening, ports):
                for source in sources:
                    if not source.is_unknown:
                        yield from source.refuse("the database's port is open to the internet", _CURE)


def _openings(resource: Resource) -> Iterator[_Opening]:
    if resource.type in _GROUPS:
        for rule in resource["ingress"].each():
            sources = (rule["cidrBlocks"], rule["ipv6CidrBlocks"])
            yield _opening(resource, frozenset({resource.urn}), rule["protocol"], rule, sources)
    elif resource.type == INGRESS_RULE:
        yield _opening(
            resource, _groups_of(resource), resource["ipProtocol"], resource.inputs, (resource["cidrIpv4"], resource["cidrIpv6"])
        )
    elif resource.type == RULE and resource["type"].may_equal("ingress"):
        kind = resource["type"]
        sources = (resource["cidrBlocks"].provided(kind), resource["ipv6CidrBlocks"].provided(kind))
        yield _opening(resource, _groups_of(resource), resource["protocol"], resource.inputs, sources)


def _opening(resource: Resource, groups: frozenset[str], protocol: Value, ports: Value, sources: tuple[Value, ...]) -> _Opening:
    return _Opening(resource=resource, groups=groups, protocol=protocol, first=ports["fromPort"], last=ports["toPort"], sources=sources)


def _groups_of(rule: Resource) -> frozenset[str]:
    return frozenset(urn for urn in rule.dependencies if type_of(urn) in _GROUPS)


def _worldwide(opening: _Opening) -> list[Value]:
    """The sources that are, or may be, the whole internet; the first of them where only all together are."""
    places = [place for source in opening.sources for place in _elements(source)]
    unknown = [place for place in places if place.peek(_ASKED_LATER) is UNKNOWN]
    wide = [place for place in places if is_worldwide([place.peek(_ASKED_LATER)])]
    together = is_worldwide(place.peek(_ASKED_LATER) for place in places)
    return unknown + (wide or (places[:1] if together else []))


def _elements(source: Value) -> list[Value]:
    """The elements of a list of CIDRs; a single CIDR, and what is unknown, by itself."""
    content = source.peek(_ASKED_LATER)
    return [source[index] for index in range(len(content))] if isinstance(content, list) else [source]


def _serves(opening: _Opening, databases: Sequence[Resource]) -> bool:
    """Whether the group is, or may be, that of a database.

    The ids of groups are unknown at preview, so the dependencies tell. Where they do not, any group may be; in a stack without a
    database only a rule for that very port is about one.
    """
    if not databases:
        return bool(opening.first.peek(_THAT_VERY_PORT) == opening.last.peek(_THAT_VERY_PORT) == POSTGRES_PORT)
    used = [{urn for urn in database.dependencies if type_of(urn) in _GROUPS} for database in databases]
    return not opening.groups or not all(used) or any(opening.groups & groups for groups in used)


def _reaches(opening: _Opening, ports: set[int]) -> bool:
    protocol = str(opening.protocol.get("tcp")).removesuffix(".0").lower()
    if protocol in {"-1", "all"}:
        return True
    if protocol not in {"tcp", "6"}:
        return False
    if opening.protocol.is_unknown or opening.first.is_unknown or opening.last.is_unknown:
        return False
    return any(_bounds(opening.first, port, lowest=True) and _bounds(opening.last, port, lowest=False) for port in ports)


def _bounds(bound: Value, port: int, *, lowest: bool) -> bool:
    return bound.may_satisfy(lambda content: number(content) <= port if lowest else number(content) >= port)
