"""What has to be there before the stack, and what must not be there under its names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from doctor.cluster import Cluster, Object
from doctor.findings import Finding, fine, missing
from doctor.needs import Needs

_DEFINITIONS: Final = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_SUBJECT: Final = "names"
_OWNER: Final = "plinth"


def check_collisions(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Namespaces, priority classes and definitions of other owners: Pulumi and Helm refuse to take them over."""
    found = [
        *_taken("namespace", needs.namespaces, cluster.objects("/api/v1/namespaces")),
        *_taken("priority class", needs.priority_classes, cluster.objects("/apis/scheduling.k8s.io/v1/priorityclasses")),
        *_foreign_definitions(needs, cluster),
    ]
    yield from found or [fine(_SUBJECT, "nobody else has those of the stack")]


def _taken(what: str, wanted: frozenset[str], there: Sequence[Object]) -> Iterator[Finding]:
    for each in there:
        name = each["metadata"]["name"]
        if name in wanted and not _is_platforms(each):
            cure = f"Delete it if nobody needs it (kubectl get {what.replace(' ', '')} {name} -o yaml), or import it: pulumi import"
            yield missing(_SUBJECT, f"{what} {name} is there already, and not the platform's", cure)


def _foreign_definitions(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """By API group, as one installation brings all of its definitions: another cert-manager, another Prometheus operator."""
    groups: dict[str, str] = {}
    for each in cluster.objects(_DEFINITIONS):
        group = str(each["spec"]["group"])
        if group in needs.brought and not _is_platforms(each) and _release_of(each) not in needs.releases:
            groups.setdefault(group, str(each["metadata"]["name"]))
    for group, name in sorted(groups.items()):
        problem = f"{name} is there already: somebody else installed what serves {group}"
        cure = "Remove that installation, or leave the platform's out of this stack: two of them would fight over the same objects"
        yield missing(_SUBJECT, problem, cure)


def check_definitions(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """What the stack registers and nothing of it defines has to be defined by the cluster."""
    served = {str(each["name"]) for each in cluster.get("/apis").get("groups") or ()}
    for group in sorted(needs.asked - served):
        cure = "Install what brings it, or correct what plinth:cluster says of the cluster"
        yield missing("definitions", f"the cluster knows nothing of {group}, which objects of the stack are of", cure)


def _is_platforms(each: Object) -> bool:
    return (each["metadata"].get("labels") or {}).get("app.kubernetes.io/part-of") == _OWNER


def _release_of(each: Object) -> tuple[str, str]:
    """Namespace and name of the Helm release that an object belongs to."""
    annotations = each["metadata"].get("annotations") or {}
    return str(annotations.get("meta.helm.sh/release-namespace")), str(annotations.get("meta.helm.sh/release-name"))
