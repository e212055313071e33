"""POD-002: application namespaces enforce the Pod Security Standard "restricted"."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from facts.namespaces import PRIVILEGED
from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.namespaces import NAMESPACE_TYPE

ENFORCE_LABEL: Final = "pod-security.kubernetes.io/enforce"


def _check(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    level = resource.inputs.at("metadata.labels")[ENFORCE_LABEL]
    if resource.inputs.at("metadata.name").known not in PRIVILEGED and level.is_not("restricted"):
        yield violation(level, "the namespace admits pods that are not restricted", f"set the label {ENFORCE_LABEL} to restricted")


NAMESPACES_ENFORCE_RESTRICTED = ResourceRule(
    name="namespaces-enforce-restricted", requirements=("POD-002",), types=(NAMESPACE_TYPE,), check=_check
)
