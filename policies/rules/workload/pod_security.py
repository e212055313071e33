"""POD-002: pods keep to the Pod Security Standard "restricted"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.namespaces import in_platform_namespace
from policies.overlays import OVERLAY_TYPES, Entry, entries, is_left_alone, is_security_context, overlay
from policies.rules.workload.security_contexts import SecurityContexts
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, Container, containers, pod_spec

HOST_NAMESPACES: Final = ("hostNetwork", "hostPID", "hostIPC")
# The one capability that the standard lets a container add.
_ADDABLE: Final = "NET_BIND_SERVICE"


def _check_pods(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    if in_platform_namespace(resource):
        return
    pod = pod_spec(resource)
    of_pod = list(containers(pod))
    contexts = SecurityContexts(pod=pod["securityContext"], containers=[container.spec["securityContext"] for container in of_pod])
    for name in HOST_NAMESPACES:
        yield from _host_namespace(pod[name])
    for volume in pod["volumes"].each():
        yield from _host_path(volume["hostPath"])
    for container in of_pod:
        for port in container.spec["ports"].each():
            yield from _host_port(port["hostPort"])
    for context in (contexts.pod, *contexts.containers):
        yield from _privileged(context)
    # A Windows node knows no privilege escalation, capabilities or seccomp: the standard leaves these pods alone there.
    if pod["os"]["name"].known != "windows":
        for place in contexts.breaches("seccompProfile.type", "RuntimeDefault"):
            yield _unconfined(place)
        for container in of_pod:
            yield from _powers(container)


def _powers(container: Container) -> Iterator[Finding]:
    context = container.spec["securityContext"]
    if context["allowPrivilegeEscalation"].is_not(False):
        yield _escalation(context["allowPrivilegeEscalation"], container.title)
    if context["capabilities"]["drop"].lacks("ALL"):
        yield _kept_capabilities(context["capabilities"]["drop"], container.title)
    yield from _added_capabilities(context["capabilities"]["add"])


def _check_overlays(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    if in_platform_namespace(resource):
        return
    for entry in entries(overlay(resource), is_left_alone):
        yield from _check_entry(entry)


def _check_entry(entry: Entry) -> Iterator[Finding]:
    value = entry.value
    if entry.key in HOST_NAMESPACES:
        yield from _host_namespace(value)
    elif entry.key == "hostPath" and isinstance(value.known, dict):
        yield from _host_path(value)
    elif entry.key == "hostPort" and isinstance(value.known, float | int):
        yield from _host_port(value)
    elif entry.key == "allowPrivilegeEscalation" and value.is_given and value.is_not(False):
        yield _escalation(value, "a container")
    elif entry.key == "seccompProfile" and value["type"].is_given and value["type"].is_not("RuntimeDefault"):
        yield _unconfined(value["type"])
    elif is_security_context(entry.key):
        yield from _privileged(value)
        drop = value["capabilities"]["drop"]
        if drop.is_given and drop.lacks("ALL"):
            yield _kept_capabilities(drop, "a container")
        yield from _added_capabilities(value["capabilities"]["add"])


def _host_namespace(place: Value) -> Iterator[Finding]:
    if place.is_true():
        yield violation(place, "the pod shares a namespace of its host", "remove it: only platform namespaces may host such pods")


def _host_path(place: Value) -> Iterator[Finding]:
    if place.is_given:
        yield violation(place["path"], "the pod mounts a path of its host", "use a PersistentVolumeClaim, emptyDir, ConfigMap or Secret")


def _host_port(place: Value) -> Iterator[Finding]:
    if place.fails(lambda port: not port):
        yield violation(place, "the container takes a port of its host", "remove hostPort and reach the pod through a Service")


def _privileged(context: Value) -> Iterator[Finding]:
    for place in (context["privileged"], context["windowsOptions"]["hostProcess"]):
        if place.is_true():
            yield violation(place, "the container has all powers of its host", "remove it")


def _unconfined(place: Value) -> Finding:
    return violation(place, "system calls are not filtered by the runtime's seccomp profile", "set seccompProfile.type to RuntimeDefault")


def _escalation(place: Value, holder: str) -> Finding:
    return violation(place, f"{holder} may gain more privileges than it starts with", "set allowPrivilegeEscalation to false")


def _kept_capabilities(place: Value, holder: str) -> Finding:
    return violation(place, f"{holder} keeps Linux capabilities that it does not need", "set capabilities.drop to [ALL]")


def _added_capabilities(added: Value) -> Iterator[Finding]:
    for place in added.each():
        if place.fails(_is_addable):
            yield violation(place, "the container adds a Linux capability", f"remove it; only {_ADDABLE} may be added")


def _is_addable(capability: Any) -> bool:
    return bool(capability == _ADDABLE)


PODS_ARE_RESTRICTED = ResourceRule(name="pods-are-restricted", requirements=("POD-002",), types=WORKLOAD_TYPES, check=_check_pods)
OVERLAYS_ARE_RESTRICTED = ResourceRule(
    name="overlays-are-restricted", requirements=("POD-002",), types=OVERLAY_TYPES, check=_check_overlays
)
