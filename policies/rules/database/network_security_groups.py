"""PG-015: no network security group of Azure lets the internet reach a database's port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from facts.addresses import is_worldwide
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.rules.database.kinds import AZURE_SERVER
from policies.values import Value

GROUP: Final = "azure-native:network:NetworkSecurityGroup"
RULE: Final = "azure-native:network:SecurityRule"
PORTS: Final = (5432, 6432)
"""PostgreSQL's, and that of the server's own PgBouncer."""
_ANYWHERE: Final = frozenset({"*", "any", "internet"})


@stack_rule("PG-015", on=(AZURE_SERVER, GROUP, RULE))
def azure_database_port_is_closed_to_internet(resources: Sequence[Resource], _: Stack) -> Findings:
    """In a stack without a database only a rule for that very port is about one."""
    has_database = any(resource.type == AZURE_SERVER for resource in resources)
    for rule in (rule for resource in resources for rule in _rules(resource)):
        # Ports are asked for only where the source may be the internet: what is private need not be known further.
        source = _wide_source(rule)
        if source is not None and _lets_in(rule) and _reaches(rule, any_range=has_database) and not source.is_unknown:
            yield from source.refuse("the database's port is open to the internet", "Let in the subnet of the cluster's nodes or pods")


def _rules(resource: Resource) -> Iterator[Value]:
    if resource.type == GROUP:
        yield from resource["securityRules"].each()
    elif resource.type == RULE:
        yield resource.inputs


def _wide_source(rule: Value) -> Value | None:
    """The source that is, or may be, the whole internet; the first of them where only all together are."""
    sources = [rule["sourceAddressPrefix"], *rule["sourceAddressPrefixes"].each()]
    wide = [source for source in sources if source.may_satisfy(_is_wide)]
    return next(iter(wide or (sources[1:] if is_worldwide(source.get() for source in sources) else [])), None)


def _is_wide(source: Any) -> bool:
    return is_worldwide([source]) or str(source).lower() in _ANYWHERE


def _lets_in(rule: Value) -> bool:
    return (
        rule["direction"].satisfies(lambda text: str(text).lower() == "inbound")
        and rule["access"].satisfies(lambda text: str(text).lower() == "allow")
        and rule["protocol"].satisfies(lambda text: str(text).lower() in {"tcp", "*"})
    )


def _reaches(rule: Value, *, any_range: bool) -> bool:
    ranges = [rule["destinationPortRange"], *rule["destinationPortRanges"].each()]
    return any(each.satisfies(_holds_port if any_range else _is_port) for each in ranges)


def _is_port(ports: Any) -> bool:
    return str(ports) in map(str, PORTS)


def _holds_port(ports: Any) -> bool:
    """Whether a range such as ``5432``, ``5000-6000`` or ``*`` holds a port of the database."""
    first, _, last = str(ports).partition("-")
    return ports == "*" or any(int(first) <= port <= int(last or first) for port in PORTS)
