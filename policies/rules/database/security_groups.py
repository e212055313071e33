"""PG-015: no security group of a database lets the internet reach its port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final

from policies.model import Facts, Finding, Resource, StackRule, violation
from policies.numeric import number
from policies.rules.database.kinds import RDS_CLUSTER, RDS_INSTANCE
from policies.urns import type_of
from policies.values import Value

GROUP: Final = "aws:ec2/securityGroup:SecurityGroup"
DEFAULT_GROUP: Final = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
POSTGRES_PORT: Final = 5432

_GROUPS: Final = (GROUP, DEFAULT_GROUP)
_CURE: Final = "Let in the security group of the cluster's nodes, or the CIDRs of their subnets"
# Two halves of the internet are the internet.
_WIDEST_PREFIX: Final = 1


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


def _check(resources: Sequence[Resource], _: Facts) -> Iterator[Finding]:
    databases = [resource for resource in resources if resource.type in {RDS_INSTANCE, RDS_CLUSTER}]
    ports = {POSTGRES_PORT, *(int(port) for database in databases if isinstance(port := database["port"].known, int | float))}
    for resource in resources:
        for opening in _openings(resource):
            # Ports and protocol are asked for only where the source may be the internet: what is private need not be known further.
            sources = _worldwide(opening)
            if sources and _serves(opening, databases) and _reaches(opening, ports):
                for source in sources:
                    if source.fails(lambda cidr: not _is_world(cidr)):
                        yield violation(source, "the database's port is open to the internet", _CURE, urn=resource.urn)


def _openings(resource: Resource) -> Iterator[_Opening]:
    if resource.type in _GROUPS:
        for rule in resource["ingress"].each():
            sources = (rule["cidrBlocks"], rule["ipv6CidrBlocks"])
            yield _opening(resource, frozenset({resource.urn}), rule["protocol"], rule, sources)
    elif resource.type == INGRESS_RULE:
        yield _opening(
            resource, _groups_of(resource), resource["ipProtocol"], resource.inputs, (resource["cidrIpv4"], resource["cidrIpv6"])
        )
    elif resource.type == RULE and resource["type"].get("") == "ingress":
        sources = (resource["cidrBlocks"], resource["ipv6CidrBlocks"])
        yield _opening(resource, _groups_of(resource), resource["protocol"], resource.inputs, sources)


def _opening(resource: Resource, groups: frozenset[str], protocol: Value, ports: Value, sources: tuple[Value, ...]) -> _Opening:
    return _Opening(resource=resource, groups=groups, protocol=protocol, first=ports["fromPort"], last=ports["toPort"], sources=sources)


def _groups_of(rule: Resource) -> frozenset[str]:
    return frozenset(urn for urn in rule.dependencies if type_of(urn) in _GROUPS)


def _worldwide(opening: _Opening) -> list[Value]:
    """The sources that are, or may be, the whole internet."""
    places = [place for source in opening.sources for place in ([below for _, below in source.below()] or [source])]
    return [place for place in places if place.is_pending or _is_world(place.known)]


def _serves(opening: _Opening, databases: Sequence[Resource]) -> bool:
    """Whether the group is, or may be, that of a database.

    The ids of groups are unknown at preview, so the dependencies tell. Where they do not, any group may be; in a stack without a
    database only a rule for that very port is about one.
    """
    if not databases:
        return bool(opening.first.known == opening.last.known == POSTGRES_PORT)
    used = [{urn for urn in database.dependencies if type_of(urn) in _GROUPS} for database in databases]
    return not opening.groups or not all(used) or any(opening.groups & groups for groups in used)


def _reaches(opening: _Opening, ports: set[int]) -> bool:
    protocol = str(opening.protocol.get("tcp")).removesuffix(".0").lower()
    if protocol in {"-1", "all"}:
        return True
    if protocol not in {"tcp", "6"}:
        return False
    if opening.first.is_unknown or opening.last.is_unknown:
        return False
    return any(_bounds(opening.first, port, lowest=True) and _bounds(opening.last, port, lowest=False) for port in ports)


def _bounds(bound: Value, port: int, *, lowest: bool) -> bool:
    return not bound.fails(lambda content: number(content) <= port if lowest else number(content) >= port)


def _is_world(source: Any) -> bool:
    try:
        return ip_network(source, strict=False).prefixlen <= _WIDEST_PREFIX
    except ValueError:
        return False


SECURITY_GROUPS: Final = StackRule(
    name="database-port-is-closed-to-internet",
    requirements=("PG-015",),
    types=(RDS_INSTANCE, RDS_CLUSTER, *_GROUPS, RULE, INGRESS_RULE),
    check=_check,
)
