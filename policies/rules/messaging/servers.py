"""NATS servers as rules see them, whether the official chart or a plain StatefulSet runs them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from policies.charts import chart_of, nats
from policies.charts.model import appended
from policies.helm import RELEASE_TYPES, chart_values
from policies.images import parse_image
from policies.model import Resource
from policies.values import Value
from policies.workloads import pod_spec, tokens_of

STATEFUL_SETS: Final = tokens_of("StatefulSet")
SERVER_TYPES: Final = (*RELEASE_TYPES, *STATEFUL_SETS)
ZONE: Final = "topology.kubernetes.io/zone"

_SERVER_IMAGES: Final = frozenset({"nats", "nats-server"})
_STORE: Final = re.compile(r"(?:^|\s)--?(?:sd|store_dir)(?:=|\s+)(\S+)")


@dataclass(frozen=True, kw_only=True)
class Servers:
    """One set of NATS servers: where their number stands, how many run where it does not, and the values of the chart, if one runs them."""

    resource: Resource
    replicas: Value
    default_replicas: int
    values: Value | None = None

    def spread(self) -> tuple[Value, list[Value]]:
        """Where topology spread constraints stand, and those of them that are about zones."""
        if self.values is not None:
            return _zone_constraints(self.values)
        place = pod_spec(self.resource)["topologySpreadConstraints"]
        return place, _on_zones(place.each())


def nats_values(resource: Resource) -> Value | None:
    """The values of a release of the NATS chart; None for everything else."""
    return chart_values(resource) if resource.type in RELEASE_TYPES and chart_of(resource) is nats.CHART else None


def servers_of(resource: Resource) -> Servers | None:
    """The servers that a release or StatefulSet runs; None where it runs none."""
    values = nats_values(resource)
    if values is not None:
        knob = nats.REPLICAS
        return Servers(resource=resource, replicas=knob.place(values), default_replicas=knob.default, values=values)
    if resource.type in STATEFUL_SETS and nats_container(resource) is not None:
        return Servers(resource=resource, replicas=resource.at("spec.replicas"), default_replicas=1)
    return None


def nats_container(stateful_set: Resource) -> Value | None:
    """The container of a StatefulSet that runs a NATS server, from whatever registry; exporters, reloaders and nats-box do not."""
    for container in pod_spec(stateful_set)["containers"].each():
        if parse_image(container["image"].text()).repository.rpartition("/")[2] in _SERVER_IMAGES:
            return container
    return None


def stream_claims(stateful_set: Resource, container: Value) -> list[Value]:
    """The volume claim templates that can hold the server's streams.

    The one mounted where the server's store directory lies, where its arguments tell; else those that the container mounts, else all.
    """
    templates = {template.at("metadata.name").text(): template for template in stateful_set.at("spec.volumeClaimTemplates").each()}
    mounts = {
        mount["mountPath"].text(): templates[name]
        for mount in container["volumeMounts"].each()
        if (name := mount["name"].text()) in templates
    }
    store = _store_directory(container)
    holding = [path for path in mounts if f"{store}/".startswith(f"{path.rstrip('/')}/")] if store else []
    if holding:
        return [mounts[max(holding, key=len)]]
    return list(mounts.values()) or list(templates.values())


def _store_directory(container: Value) -> str | None:
    match = _STORE.search(" ".join(argument.text() for key in ("command", "args") for argument in container[key].each()))
    return match.group(1).rstrip("/") if match else None


def _zone_constraints(values: Value) -> tuple[Value, list[Value]]:
    """Where the spread of the servers is written, and the constraints on zones that stand there, those that a patch appends included."""
    replaced = nats.SPREAD.override(values)
    place = values.at(nats.SPREAD.path) if replaced is None else replaced
    own = [constraint for key, constraint in place.items() if key == ZONE] if replaced is None else _on_zones(place.each())
    added = [each for point, steps in nats.SPREAD.extensions for each in appended(values.at(point), *steps.split("."))]
    return place, own + _on_zones(added)


def _on_zones(constraints: Iterable[Value]) -> list[Value]:
    return [constraint for constraint in constraints if constraint["topologyKey"].may_equal(ZONE)]
