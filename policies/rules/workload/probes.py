"""POD-006: the cluster can tell whether a container lives and whether it may get traffic, and the two are different questions."""

from __future__ import annotations

from typing import Any, Final

from policies.charts import nats
from policies.findings import Findings, Level
from policies.helm import RELEASE_TYPES, chart_name, chart_values
from policies.model import Resource, Stack, rule
from policies.overlays import entries
from policies.search import where_on
from policies.values import Value
from policies.workloads import PROBES, Container, containers, kind_of, pod_spec, tokens_of

_HANDLERS: Final = ("httpGet", "tcpSocket", "exec", "grpc")


@rule("POD-006", on=tokens_of("Deployment", "StatefulSet", "Rollout", "DaemonSet"))
def containers_have_probes(workload: Resource, _: Stack) -> Findings:
    """What enforces the entry is the first container of a Deployment, StatefulSet or Rollout.

    That all that run long need probes is advice: helpers such as a config reloader often have nothing to ask.
    """
    for index, container in enumerate(containers(pod_spec(workload))):
        is_helper = index > 0 or kind_of(workload) == "DaemonSet"
        place = container.where_long_running
        if place is not None:
            yield from _check_probes(container, place, Level.ADVISORY if is_helper else None)
            yield from _check_paths(container, place)


def _check_probes(container: Container, place: Value, level: Level | None) -> Findings:
    for name in PROBES:
        yield from place[name].must_satisfy(
            _asks_something,
            f"{container.title} has no {name}",
            f"Add a {name} with {' or '.join(_HANDLERS)}; readiness covers what the container depends on, liveness only itself",
            level=level,
        )


def _asks_something(probe: Any) -> bool:
    return isinstance(probe, dict) and any(probe.get(handler) is not None for handler in _HANDLERS)


def _check_paths(container: Container, place: Value) -> Findings:
    liveness, readiness = (place[name]["httpGet"] for name in PROBES)
    if not (liveness.is_given and readiness.is_given):
        return ()
    path = readiness["path"]
    if path.is_unknown or liveness["path"].is_unknown or path.get("/") != liveness["path"].get("/"):
        return ()
    ports = [_port(place, probe) for probe in (readiness, liveness)]
    if any(port.is_unknown for port in ports) or ports[0].get() != ports[1].get():
        return ()
    return path.refuse(
        f"{container.title} answers liveness and readiness with the same path, so a failing dependency restarts it",
        "Give readiness its own path, which covers the dependencies",
        level=Level.ADVISORY,
    )


def _port(container: Value, http_get: Value) -> Value:
    """The port that a probe asks, by its number where the container names it."""
    port = http_get["port"]
    named = port.get()
    return next((each["containerPort"] for each in container["ports"].each() if named is not None and each["name"].equals(named)), port)


@rule("POD-006", on=RELEASE_TYPES)
def charts_keep_probes(release: Resource, _: Stack) -> Findings:
    """The values of a chart switch no probe off; those of the NATS server go away with its monitor."""
    values = chart_values(release)
    for entry in entries(values, where_on):
        if entry.key in PROBES:
            yield from entry.value["enabled"].must_satisfy(
                lambda enabled: enabled is not False, f"the chart's {entry.key} is switched off", "Leave it enabled"
            )
    if chart_name(release) == "nats":
        yield from _check_monitor(values)


def _check_monitor(values: Value) -> Findings:
    monitor, own = nats.MONITOR.place(values), values.at("container.merge")
    is_on = monitor.peek("it counts only where the server has no probes of its own") in (None, True)
    if is_on or all(own[name].may_satisfy(_asks_something) for name in PROBES):
        return ()
    return monitor.must_satisfy(
        lambda enabled: enabled is not False,
        "the server's probes ask its monitor, and go away with it",
        "Leave config.monitor enabled or give container.merge both probes",
    )
