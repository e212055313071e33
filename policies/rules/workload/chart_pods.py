"""POD-001 and POD-002 for the pods of charts whose defaults leave the security context open.

The charts' own defaults stand in no input; which pods are open is told by what is known of the chart. A context that a release's values
write has to be whole. Where they write none, the chart's default is advised against, not refused: the entries speak of what values say,
and another version may have another default.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from facts.namespaces import AGENTS, PRIVILEGED
from policies.charts import chart_of, kube_prometheus_stack
from policies.charts.model import Chart, Pod, where_on
from policies.findings import Findings, Level
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource, Stack, rule
from policies.namespaces import in_platform_namespace
from policies.rules.workload.pod_security import HOST_NAMESPACES
from policies.rules.workload.security_contexts import SecurityContexts
from policies.values import Value


@rule("POD-001", on=RELEASE_TYPES)
def chart_pods_run_as_non_root(release: Resource, _: Stack) -> Findings:
    """With a volume, an init container of Grafana's changes its owner as root unless it is switched off."""
    values, chart = chart_values(release), _judged_chart(release)
    for pod, contexts in _open_pods(chart, values):
        yield from _refuse_gaps(pod, contexts, contexts.gaps("runAsNonRoot"), "runAsNonRoot to true")
    if chart is kube_prometheus_stack.CHART:
        chown = kube_prometheus_stack.GRAFANA_CHOWN
        place = where_on(chown.place(values), (kube_prometheus_stack.GRAFANA, kube_prometheus_stack.GRAFANA_VOLUME), values)
        if place is not None:
            yield from place.must_satisfy(
                lambda on: not on,
                "Grafana's init container changes the owner of its volume as root",
                f"Set {chown.path} to false: the pod's fsGroup does the same",
                default=chown.default,
                level=Level.ADVISORY,
            )


@rule("POD-002", on=RELEASE_TYPES)
def chart_pods_are_restricted(release: Resource, _: Stack) -> Findings:
    """The node exporter uses its host by default; values that say so themselves are refused by the rule about values."""
    values, chart = chart_values(release), _judged_chart(release)
    for pod, contexts in _open_pods(chart, values):
        places = list(contexts.gaps("seccompProfile.type"))
        for context in contexts.containers:
            places += [place for place in (context["allowPrivilegeEscalation"], context["capabilities"]["drop"]) if place.is_absent]
        settings = "seccompProfile.type to RuntimeDefault, allowPrivilegeEscalation to false and capabilities.drop to [ALL]"
        yield from _refuse_gaps(pod, contexts, places, settings)
    if chart is kube_prometheus_stack.CHART:
        exporter = values[kube_prometheus_stack.NODE_EXPORTER_VALUES]
        place = where_on(exporter["namespaceOverride"], (kube_prometheus_stack.NODE_EXPORTER,), values)
        if place is not None and not any(exporter[name].may_equal(expected=True) for name in HOST_NAMESPACES):
            yield from place.must_satisfy(
                lambda name: isinstance(name, str) and name in PRIVILEGED,
                "the node exporter shares namespaces and paths of its host",
                f"Give it a platform namespace of its own (namespaceOverride: {AGENTS})",
                level=Level.ADVISORY,
            )


def _judged_chart(release: Resource) -> Chart | None:
    return None if in_platform_namespace(release) else chart_of(release)


def _open_pods(chart: Chart | None, values: Value) -> Iterator[tuple[Pod, SecurityContexts]]:
    for pod in chart.pods if chart is not None else ():
        # A JSON patch may set anything: what it leaves open only the rendered chart shows.
        if not pod.is_open or any(values.at(patch).may_satisfy(bool) for patch in pod.patches):
            continue
        switches = () if pod.switch is None else (pod.switch,)
        context = where_on(values.at(pod.context), switches, values)
        if context is not None:
            parts = (
                where_on(values.at(part.context), switches if part.switch is None else (part.switch, *switches), values)
                for part in pod.containers
            )
            yield pod, SecurityContexts(pod=context, containers=[part for part in parts if part is not None])


def _refuse_gaps(pod: Pod, contexts: SecurityContexts, places: Sequence[Value], settings: str) -> Findings:
    written = tuple(f"{context.path}." for context in contexts.all if context.satisfies(bool))
    for place in places:
        if place.path.startswith(written):
            yield from place.refuse(f"the security context of the chart's {pod.name} pod is not whole", f"Set {settings}")
    silent = [place for place in places if not place.path.startswith(written)]
    if silent:
        others = "".join(f", {place.path}" for place in silent[1:])
        yield from silent[0].refuse(
            f"the chart leaves the security context of its {pod.name} pod open{others and f', also at {others[2:]}'}",
            f"Set {settings}",
            level=Level.ADVISORY,
        )
