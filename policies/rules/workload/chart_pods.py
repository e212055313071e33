"""POD-001 and POD-002 for the pods of charts whose defaults leave the security context open.

The charts' own defaults stand in no input, so the pods of the charts that the platform installs are listed here. A context that a release's
values write has to be whole. Where they write none, the chart's default is advised against, not refused: the entries speak of what values
say, and another version may have another default.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from facts.namespaces import PRIVILEGED
from policies.helm import RELEASE_TYPES, chart_name, chart_values, is_on
from policies.model import Facts, Finding, Level, Resource, ResourceRule, violation
from policies.namespaces import in_platform_namespace
from policies.rules.workload.pod_security import HOST_NAMESPACES
from policies.rules.workload.security_contexts import SecurityContexts
from policies.values import Value


@dataclass(frozen=True, kw_only=True)
class ChartContainer:
    """Where a chart's values hold a container's security context, and the switch that adds the container with its default, if any."""

    context: str
    switch: str | None = None
    default: bool = True


@dataclass(frozen=True, kw_only=True)
class ChartPod:
    """Where a chart's values hold a pod's security context, its containers, and the switch that leaves the whole pod out, if any."""

    name: str
    context: str
    containers: tuple[ChartContainer, ...]
    switch: str | None = None
    patches: tuple[str, ...] = ()


OPEN_PODS: Final = {
    # nats 2.14.2: no security context anywhere, only points to merge one in.
    "nats": (
        ChartPod(
            name="server",
            context="podTemplate.merge.spec.securityContext",
            containers=(
                ChartContainer(context="container.merge.securityContext"),
                ChartContainer(context="reloader.merge.securityContext", switch="reloader.enabled"),
                ChartContainer(context="promExporter.merge.securityContext", switch="promExporter.enabled", default=False),
            ),
            patches=("podTemplate.patch", "container.patch", "reloader.patch", "promExporter.patch", "statefulSet.patch"),
        ),
        ChartPod(
            name="nats-box",
            context="natsBox.podTemplate.merge.spec.securityContext",
            containers=(ChartContainer(context="natsBox.container.merge.securityContext"),),
            switch="natsBox.enabled",
            patches=("natsBox.podTemplate.patch", "natsBox.container.patch", "natsBox.deployment.patch"),
        ),
    ),
    # nack 0.34.0: both contexts are empty.
    "nack": (ChartPod(name="controller", context="securityContext", containers=(ChartContainer(context="containerSecurityContext"),)),),
}


def _check_non_root(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for pod, contexts in _open_pods(resource):
        places = [place for place in contexts.breaches("runAsNonRoot", wanted=True) if place.is_absent]
        yield from _left_open(pod, contexts, places, "runAsNonRoot to true")
    if _chart_of(resource) == "kube-prometheus-stack":
        yield from _grafana_as_root(chart_values(resource)["grafana"])


def _check_restricted(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for pod, contexts in _open_pods(resource):
        places = [place for place in contexts.breaches("seccompProfile.type", "RuntimeDefault") if place.is_absent]
        for context in contexts.containers:
            places += [place for place in (context["allowPrivilegeEscalation"], context["capabilities"]["drop"]) if place.is_absent]
        settings = "seccompProfile.type to RuntimeDefault, allowPrivilegeEscalation to false and capabilities.drop to [ALL]"
        yield from _left_open(pod, contexts, places, settings)
    if _chart_of(resource) == "kube-prometheus-stack":
        yield from _node_exporter_on_host(chart_values(resource))


def _chart_of(resource: Resource) -> str | None:
    return None if in_platform_namespace(resource) else chart_name(resource)


def _open_pods(resource: Resource) -> Iterator[tuple[ChartPod, SecurityContexts]]:
    values = chart_values(resource)
    for pod in OPEN_PODS.get(_chart_of(resource) or "", ()):
        # A JSON patch may set anything: what it leaves open only the rendered chart shows.
        is_patched = any(is_on(values.at(patch), default=False) for patch in pod.patches)
        if not is_patched and _is_in(values, pod.switch, default=True):
            used = [part for part in pod.containers if _is_in(values, part.switch, default=part.default)]
            yield pod, SecurityContexts(pod=values.at(pod.context), containers=[values.at(part.context) for part in used])


def _is_in(values: Value, switch: str | None, *, default: bool) -> bool:
    return switch is None or is_on(values.at(switch), default=default)


def _left_open(pod: ChartPod, contexts: SecurityContexts, places: Sequence[Value], settings: str) -> Iterator[Finding]:
    written = tuple(f"{context.path}." for context in (contexts.pod, *contexts.containers) if is_on(context, default=False))
    for place in places:
        if place.path.startswith(written):
            yield violation(place, f"the security context of the chart's {pod.name} pod is not whole", f"set {settings}")
    silent = [place for place in places if not place.path.startswith(written)]
    if silent:
        others = "".join(f", {place.path}" for place in silent[1:])
        yield violation(
            silent[0],
            f"the chart leaves the security context of its {pod.name} pod open{others and f', also at {others[2:]}'}",
            f"set {settings}",
            level=Level.ADVISORY,
        )


def _grafana_as_root(grafana: Value) -> Iterator[Finding]:
    """Grafana 12.11.1: with a volume, an init container changes its owner as root unless it is switched off."""
    switch = grafana.at("initChownData.enabled")
    if is_on(grafana["enabled"], default=True) and is_on(grafana.at("persistence.enabled"), default=False) and is_on(switch, default=True):
        yield violation(
            switch,
            "Grafana's init container changes the owner of its volume as root",
            "set initChownData.enabled to false: the pod's fsGroup does the same",
            level=Level.ADVISORY,
        )


def _node_exporter_on_host(values: Value) -> Iterator[Finding]:
    """prometheus-node-exporter 4.56.1: host network, host PID and paths of the host by default."""
    exporter = values["prometheus-node-exporter"]
    place = exporter["namespaceOverride"]
    # Values that say so themselves are refused by the rule about values.
    is_told = any(exporter[name].is_true() for name in HOST_NAMESPACES)
    is_here = is_on(values.at("nodeExporter.enabled"), default=True) and place.fails(lambda name: name in PRIVILEGED)
    if is_here and not is_told:
        yield violation(
            place,
            "the node exporter shares namespaces and paths of its host",
            "give it a platform namespace of its own (namespaceOverride: node-agents)",
            level=Level.ADVISORY,
        )


CHART_PODS_RUN_AS_NON_ROOT = ResourceRule(
    name="chart-pods-run-as-non-root", requirements=("POD-001",), types=RELEASE_TYPES, check=_check_non_root
)
CHART_PODS_ARE_RESTRICTED = ResourceRule(
    name="chart-pods-are-restricted", requirements=("POD-002",), types=RELEASE_TYPES, check=_check_restricted
)
