"""POD-002: application namespaces enforce the Pod Security Standard "restricted"."""

from __future__ import annotations

from facts.namespaces import PRIVILEGED
from facts.pod_security import ENFORCE_LABEL, PodSecurity
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.namespaces import NAMESPACE_TYPE


@rule("POD-002", on=NAMESPACE_TYPE)
def namespaces_enforce_restricted(namespace: Resource, _: Stack) -> Findings:
    """The platform's own namespaces for agents of the nodes are left alone."""
    name = namespace.at("metadata.name").peek("the names of the platform's own namespaces are written, never computed")
    if isinstance(name, str) and name in PRIVILEGED:
        return ()
    restricted = PodSecurity.RESTRICTED.value
    return namespace.at("metadata.labels")[ENFORCE_LABEL].must_equal(
        restricted, "the namespace admits pods that are not restricted", cure=f"Set the label {ENFORCE_LABEL} to {restricted}"
    )
