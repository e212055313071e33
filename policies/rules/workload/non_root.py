"""POD-001: no container runs as root."""

from __future__ import annotations

from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.namespaces import in_platform_namespace
from policies.overlays import OVERLAY_TYPES, entries, is_security_context, overlay, where_judged
from policies.rules.workload.security_contexts import contexts_of, is_root
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, pod_spec


@rule("POD-001", on=WORKLOAD_TYPES)
def pods_run_as_non_root(workload: Resource, _: Stack) -> Findings:
    """The pod may say so for its containers; each of them may say otherwise."""
    if in_platform_namespace(workload):
        return
    contexts = contexts_of(pod_spec(workload))
    for place in contexts.breaches("runAsNonRoot", wanted=True):
        yield from _refuse_root(place)
    for context in contexts.all:
        yield from _refuse_root_user(context["runAsUser"])


@rule("POD-001", on=OVERLAY_TYPES)
def overlays_run_as_non_root(laid_over: Resource, _: Stack) -> Findings:
    """A chart's values and patches may not turn off what the pods that they shape have."""
    if in_platform_namespace(laid_over):
        return
    for entry in entries(overlay(laid_over), where_judged):
        if entry.key == "runAsNonRoot" and not entry.value.may_equal(expected=True, default=True):
            yield from _refuse_root(entry.value)
        if entry.key == "runAsUser":
            yield from _refuse_root_user(entry.value)
        if is_security_context(entry.key):
            yield from entry.value["enabled"].must_satisfy(
                lambda enabled: enabled is not False,
                "the chart's security context is switched off, so its containers may run as root",
                "Leave it enabled, with runAsNonRoot true",
            )


def _refuse_root(place: Value) -> Findings:
    return place.refuse("containers may run as root", "Set runAsNonRoot to true and build the image with a numeric user other than 0")


def _refuse_root_user(place: Value) -> Findings:
    return place.must_satisfy(lambda user: not is_root(user), "containers run as root", "Remove runAsUser 0 or name another user")
