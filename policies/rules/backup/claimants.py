"""What claims persistent volumes, and in which namespace: claims themselves, and whatever makes some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policies import cloudnative_pg, rabbitmq
from policies.charts import chart_of
from policies.charts.model import Chart, where_on
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource
from policies.namespaces import NAMESPACE_TYPE, declared_namespace
from policies.rules.storage.claims import CLAIM_TYPE, MONITORING_TYPES, PERSISTENCE_KEYS, STATEFUL_SETS, is_nothing
from policies.search import everywhere
from policies.values import UNKNOWN, Value

CLAIMANT_TYPES: Final = (CLAIM_TYPE, *STATEFUL_SETS, rabbitmq.CLUSTER, cloudnative_pg.CLUSTER, *MONITORING_TYPES, *RELEASE_TYPES)
NAMESPACE_TYPES: Final = (NAMESPACE_TYPE, f"{NAMESPACE_TYPE}Patch")

_LATER: Final = "what is switched on later counts once it is known"


def claims_of(resource: Resource) -> Iterator[Value]:
    """The places by which a resource claims volumes; one that counts only where an unknown switch is on says so itself."""
    if resource.type == CLAIM_TYPE:
        yield resource.at("metadata.name")
    elif resource.type in STATEFUL_SETS:
        yield from _where_given(resource.at("spec.volumeClaimTemplates"))
    elif resource.type == rabbitmq.CLUSTER:
        size = resource.at("spec.persistence.storage")
        if not size.satisfies(is_nothing):
            yield size.provided(size)
    elif resource.type == cloudnative_pg.CLUSTER:
        yield resource.at("spec.storage")
    elif resource.type in MONITORING_TYPES:
        yield from _where_given(resource.at("spec.storage.volumeClaimTemplate"))
    elif resource.type in RELEASE_TYPES:
        chart, values = chart_of(resource), chart_values(resource)
        yield from _of_any_chart(values) if chart is None else _of_known_chart(chart, values)


def _of_known_chart(chart: Chart, values: Value) -> Iterator[Value]:
    for volume in chart.volumes:
        place = where_on(volume.size.place(values), volume.switches, values)
        if place is not None:
            yield place


def _of_any_chart(values: Value) -> Iterator[Value]:
    """What the values of any chart switch on or write out."""
    for key, place in everywhere(values):
        if key in {"volumeClaimTemplate", "volumeClaimTemplates"}:
            yield from _where_given(place)
        elif key in PERSISTENCE_KEYS:
            switch = place["enabled"]
            if switch.peek(_LATER) in (True, UNKNOWN):
                yield switch.provided(switch)


def _where_given(place: Value) -> Iterator[Value]:
    content = place.peek(_LATER)
    if content is UNKNOWN or content:
        yield place.provided(place)


class Homes:
    """The namespaces that a stack makes, by which claimants find theirs."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        declared = [each for each in resources if each.type in NAMESPACE_TYPES]
        self._by_urn = {each.urn: each for each in declared}
        self._by_name = {_name(each): each for each in declared}

    def of(self, claimant: Resource) -> tuple[str | None, Resource | None]:
        """The name of the namespace that a claimant lives in, None where it is unknown, and the namespace where the stack makes it."""
        name = declared_namespace(claimant)
        if name is not None:
            return name, self._by_name.get(name)
        home = next((self._by_urn[urn] for urn in claimant.dependencies if urn in self._by_urn), None)
        return (None if home is None else _name(home)), home


def _name(namespace: Resource) -> str | None:
    name = namespace.at("metadata.name").peek("a namespace that is named later is known by the dependency on it")
    return name if isinstance(name, str) else None
