"""The rights of the context's user: whether it may register what the stack registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from doctor.cluster import Cluster
from doctor.findings import Finding, fine, missing
from doctor.needs import Needs

_VERBS: Final = ("create", "get", "patch", "delete")
_SUBJECT: Final = "rights"
_OF_CHARTS: Final = (
    ("rbac.authorization.k8s.io", "clusterroles"),
    ("rbac.authorization.k8s.io", "clusterrolebindings"),
    ("apiextensions.k8s.io", "customresourcedefinitions"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"),
)
"""What the charts bring for the whole cluster, by group and resource."""
_IN_RELEASES: Final = (("", "secrets"), ("", "configmaps"), ("", "serviceaccounts"), ("", "services"), ("apps", "deployments"))
"""What each Helm release has in its namespace: Secrets, because Helm keeps its own state in them."""


def check_rights(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """One question for all rights; where the answer is no, one for each kind."""
    if cluster.may("*", "*", "*"):
        yield fine(_SUBJECT, "the user may do everything")
        return
    wanted: dict[tuple[str, str, str | None], None] = {}
    for api_version, kind, namespace in sorted(needs.kinds, key=str):
        plural = _plural(cluster, api_version, kind)
        if plural is not None:
            wanted[api_version.rpartition("/")[0], plural, namespace] = None
    if needs.releases:
        wanted.update(dict.fromkeys((group, resource, None) for group, resource in _OF_CHARTS))
        for namespace in sorted({namespace for namespace, _ in needs.releases}):
            wanted.update(dict.fromkeys((group, resource, namespace) for group, resource in _IN_RELEASES))
    lacking: dict[tuple[str, str, tuple[str, ...]], list[str | None]] = {}
    for group, resource, namespace in wanted:
        verbs = tuple(verb for verb in _VERBS if not cluster.may(verb, group, resource, namespace))
        if verbs:
            lacking.setdefault((group, resource, verbs), []).append(namespace)
    for (group, resource, verbs), namespaces in lacking.items():
        title = f"{resource}.{group}" if group else resource
        named = ", ".join(namespace for namespace in namespaces if namespace)
        where = f"in {named}" if named else "in the cluster"
        problem = f"the user may not {', '.join(verbs)} {title} {where}"
        yield missing(_SUBJECT, problem, "Bind it a role with that right, or take another context")
    if not lacking:
        yield fine(_SUBJECT, "the user may register what the stack registers")


def _plural(cluster: Cluster, api_version: str, kind: str) -> str | None:
    """The resource of a kind, such as ``networkpolicies``; None where the cluster does not know it yet."""
    path = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    resources: Mapping[str, str] = {
        each["kind"]: each["name"] for each in cluster.get(path).get("resources") or () if "/" not in each["name"]
    }
    return resources.get(kind)
