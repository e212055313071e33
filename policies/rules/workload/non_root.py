"""POD-001: no container runs as root."""

from __future__ import annotations

from collections.abc import Iterator

from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.namespaces import in_platform_namespace
from policies.overlays import OVERLAY_TYPES, entries, is_left_alone, is_security_context, overlay
from policies.rules.workload.security_contexts import SecurityContexts, is_root
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec


def _check_pods(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    if in_platform_namespace(resource):
        return
    pod = pod_spec(resource)
    contexts = SecurityContexts(pod=pod["securityContext"], containers=[container.spec["securityContext"] for container in containers(pod)])
    for place in contexts.breaches("runAsNonRoot", wanted=True):
        yield _may_be_root(place)
    for context in (contexts.pod, *contexts.containers):
        yield from _root_user(context["runAsUser"])


def _check_overlays(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    if in_platform_namespace(resource):
        return
    for entry in entries(overlay(resource), is_left_alone):
        if entry.key == "runAsNonRoot" and entry.value.is_given and entry.value.is_not(True):
            yield _may_be_root(entry.value)
        if entry.key == "runAsUser":
            yield from _root_user(entry.value)
        switch = entry.value["enabled"]
        if is_security_context(entry.key) and switch.fails(lambda enabled: enabled is not False):
            yield violation(
                switch,
                "the chart's security context is switched off, so its containers may run as root",
                "leave it enabled, with runAsNonRoot true",
            )


def _may_be_root(place: Value) -> Finding:
    return violation(place, "containers may run as root", "set runAsNonRoot to true and build the image with a numeric user other than 0")


def _root_user(place: Value) -> Iterator[Finding]:
    if place.fails(lambda user: not is_root(user)):
        yield violation(place, "containers run as root", "remove runAsUser 0 or name another user")


PODS_RUN_AS_NON_ROOT = ResourceRule(name="pods-run-as-non-root", requirements=("POD-001",), types=WORKLOAD_TYPES, check=_check_pods)
OVERLAYS_RUN_AS_NON_ROOT = ResourceRule(
    name="overlays-run-as-non-root", requirements=("POD-001",), types=OVERLAY_TYPES, check=_check_overlays
)
