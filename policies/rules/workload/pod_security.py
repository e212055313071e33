"""POD-002: pods keep to the Pod Security Standard "restricted"."""

from __future__ import annotations

from typing import Any, Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.namespaces import in_platform_namespace
from policies.overlays import OVERLAY_TYPES, Entry, entries, is_security_context, overlay, where_judged
from policies.rules.workload.security_contexts import contexts_of
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, Container, containers, pod_spec

HOST_NAMESPACES: Final = ("hostNetwork", "hostPID", "hostIPC")
# The one capability that the standard lets a container add.
_ADDABLE: Final = "NET_BIND_SERVICE"


@rule("POD-002", on=WORKLOAD_TYPES)
def pods_are_restricted(workload: Resource, _: Stack) -> Findings:
    """Nothing of the host, no powers, system calls filtered."""
    if in_platform_namespace(workload):
        return
    pod = pod_spec(workload)
    for name in HOST_NAMESPACES:
        yield from _refuse_host_namespace(pod[name])
    for volume in pod["volumes"].each():
        yield from _refuse_host_path(volume["hostPath"])
    for container in containers(pod):
        for port in container.spec["ports"].each():
            yield from _refuse_host_port(port["hostPort"])
    for context in contexts_of(pod).all:
        yield from _refuse_privileges(context)
    # A Windows node knows no privilege escalation, capabilities or seccomp: the standard leaves these pods alone there.
    system = pod["os"]["name"]
    if system.peek("what only Linux knows counts once it is known") != "windows":
        yield from _check_linux(pod.provided(system))


def _check_linux(pod: Value) -> Findings:
    for place in contexts_of(pod).breaches("seccompProfile.type", "RuntimeDefault"):
        yield from _refuse_unconfined(place)
    for container in containers(pod):
        yield from _check_powers(container)


def _check_powers(container: Container) -> Findings:
    context = container.spec["securityContext"]
    yield from _refuse_escalation(context["allowPrivilegeEscalation"], container.title, default=True)
    yield from _refuse_kept_capabilities(context["capabilities"]["drop"], container.title)
    yield from _refuse_added_capabilities(context["capabilities"]["add"])


@rule("POD-002", on=OVERLAY_TYPES)
def overlays_are_restricted(laid_over: Resource, _: Stack) -> Findings:
    """A chart's values and patches may not open the pods that they shape."""
    if in_platform_namespace(laid_over):
        return
    for entry in entries(overlay(laid_over), where_judged):
        yield from _check_entry(entry)


def _check_entry(entry: Entry) -> Findings:
    value = entry.value
    match entry.key:
        case "hostNetwork" | "hostPID" | "hostIPC":
            yield from _refuse_host_namespace(value)
        # In charts' values a path or a switch may stand under these names as well.
        case "hostPath" if value.may_satisfy(lambda content: isinstance(content, dict)):
            yield from _refuse_host_path(value)
        case "hostPort" if value.may_satisfy(lambda content: isinstance(content, float | int)):
            yield from _refuse_host_port(value)
        case "allowPrivilegeEscalation":
            yield from _refuse_escalation(value, "a container", default=False)
        case "seccompProfile":
            if not value["type"].may_equal("RuntimeDefault", default="RuntimeDefault"):
                yield from _refuse_unconfined(value["type"])
        case key if is_security_context(key):
            yield from _refuse_privileges(value)
            drop = value["capabilities"]["drop"]
            if drop.is_given:
                yield from _refuse_kept_capabilities(drop, "a container")
            yield from _refuse_added_capabilities(value["capabilities"]["add"])


def _refuse_host_namespace(place: Value) -> Findings:
    return place.must_satisfy(
        lambda shared: shared is not True,
        "the pod shares a namespace of its host",
        "Remove it: only platform namespaces may host such pods",
    )


def _refuse_host_path(place: Value) -> Findings:
    if not place.is_given:
        return ()
    return place["path"].refuse("the pod mounts a path of its host", "Use a PersistentVolumeClaim, emptyDir, ConfigMap or Secret")


def _refuse_host_port(place: Value) -> Findings:
    return place.must_satisfy(
        lambda port: not port, "the container takes a port of its host", "Remove hostPort and reach the pod through a Service"
    )


def _refuse_privileges(context: Value) -> Findings:
    for place in (context["privileged"], context["windowsOptions"]["hostProcess"]):
        yield from place.must_satisfy(lambda held: held is not True, "the container has all powers of its host", "Remove it")


def _refuse_unconfined(place: Value) -> Findings:
    return place.refuse("system calls are not filtered by the runtime's seccomp profile", "Set seccompProfile.type to RuntimeDefault")


def _refuse_escalation(place: Value, holder: str, *, default: bool) -> Findings:
    problem = f"{holder} may gain more privileges than it starts with"
    return place.must_be_false(problem, default=default, cure="Set allowPrivilegeEscalation to false")


def _refuse_kept_capabilities(place: Value, holder: str) -> Findings:
    return place.must_contain("ALL", f"{holder} keeps Linux capabilities that it does not need", cure="Set capabilities.drop to [ALL]")


def _refuse_added_capabilities(added: Value) -> Findings:
    for place in added.each():
        yield from place.must_satisfy(_is_addable, "the container adds a Linux capability", f"Remove it; only {_ADDABLE} may be added")


def _is_addable(capability: Any) -> bool:
    return bool(capability == _ADDABLE)
