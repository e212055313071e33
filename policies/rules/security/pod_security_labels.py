"""POD-002: application namespaces enforce the Pod Security Standard "restricted"."""

from __future__ import annotations

from collections.abc import Iterator

from facts.namespaces import PRIVILEGED
from facts.pod_security import ENFORCE_LABEL, PodSecurity
from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.namespaces import NAMESPACE_TYPE


def _check(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    level = resource.inputs.at("metadata.labels")[ENFORCE_LABEL]
    if resource.inputs.at("metadata.name").known not in PRIVILEGED and level.is_not(PodSecurity.RESTRICTED.value):
        yield violation(
            level, "the namespace admits pods that are not restricted", f"set the label {ENFORCE_LABEL} to {PodSecurity.RESTRICTED}"
        )


NAMESPACES_ENFORCE_RESTRICTED = ResourceRule(
    name="namespaces-enforce-restricted", requirements=("POD-002",), types=(NAMESPACE_TYPE,), check=_check
)
