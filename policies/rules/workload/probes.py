"""POD-006: the cluster can tell whether a container lives and whether it may get traffic, and the two are different questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.helm import RELEASE_TYPES, chart_name, chart_values
from policies.model import Facts, Finding, Level, Resource, ResourceRule, violation
from policies.overlays import entries
from policies.search import is_switched_off
from policies.values import Value
from policies.workloads import Container, ContainerKind, containers, kind_of, pod_spec, tokens_of

PROBES: Final = ("livenessProbe", "readinessProbe")
_HANDLERS: Final = ("httpGet", "tcpSocket", "exec", "grpc")


def _check_workloads(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for index, container in enumerate(containers(pod_spec(resource))):
        if container.kind in (ContainerKind.MAIN, ContainerKind.SIDECAR):
            # What enforces the entry is the first container of a Deployment, StatefulSet or Rollout. That all that run long need probes
            # is advice: helpers such as a config reloader often have nothing to ask.
            is_helper = index > 0 or kind_of(resource) == "DaemonSet"
            yield from _missing_probes(container, Level.ADVISORY if is_helper else None)
            yield from _same_probe_twice(container)


def _missing_probes(container: Container, level: Level | None) -> Iterator[Finding]:
    for name in PROBES:
        probe = container.spec[name]
        if probe.fails(_asks_something):
            yield violation(
                probe,
                f"{container.title} has no {name}",
                f"add a {name} with {' or '.join(_HANDLERS)}; readiness covers what the container depends on, liveness only itself",
                level=level,
            )


def _asks_something(probe: Any) -> bool:
    return isinstance(probe, dict) and any(probe.get(handler) is not None for handler in _HANDLERS)


def _same_probe_twice(container: Container) -> Iterator[Finding]:
    liveness, readiness = (container.spec[name]["httpGet"] for name in PROBES)
    if not (liveness.is_given and readiness.is_given):
        return
    path = readiness["path"]
    same_path = not path.is_unknown and not liveness["path"].is_unknown and path.get("/") == liveness["path"].get("/")
    if same_path and _port(container, readiness) == _port(container, liveness):
        yield violation(
            path,
            f"{container.title} answers liveness and readiness with the same path, so a failing dependency restarts it",
            "give readiness its own path, which covers the dependencies",
            level=Level.ADVISORY,
        )


def _port(container: Container, http_get: Value) -> Any:
    port = http_get["port"].known
    numbers = {place["name"].known: place["containerPort"].known for place in container.spec["ports"].each()}
    return numbers.get(port, port)


def _check_releases(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    values = chart_values(resource)
    for part in (values, *(entry.value for entry in entries(values, is_switched_off))):
        for name in PROBES:
            switch = part[name]["enabled"]
            if switch.known is False:
                yield violation(switch, f"the chart's {name} is switched off", "leave it enabled")
    if chart_name(resource) == "nats" and values.at("config.monitor.enabled").known is False:
        own = values.at("container.merge")
        if any(own[name].fails(_asks_something) for name in PROBES):
            yield violation(
                values.at("config.monitor.enabled"),
                "the server's probes ask its monitor, and go away with it",
                "leave config.monitor enabled or give container.merge both probes",
            )


CONTAINERS_HAVE_PROBES = ResourceRule(
    name="containers-have-probes",
    requirements=("POD-006",),
    types=tokens_of("Deployment", "StatefulSet", "Rollout", "DaemonSet"),
    check=_check_workloads,
)
CHARTS_KEEP_PROBES = ResourceRule(name="charts-keep-probes", requirements=("POD-006",), types=RELEASE_TYPES, check=_check_releases)
