from __future__ import annotations

from facts.namespaces import PRIVILEGED
from facts.pod_security import ENFORCE_LABEL
from policies.namespaces import NAMESPACE_TYPE
from policies.rules.tenancy.pod_security_labels import namespaces_enforce_restricted
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided

NAMESPACE = good(NAMESPACE_TYPE, {"metadata": {"name": "apps", "labels": {ENFORCE_LABEL: "restricted"}}})
LABEL = f'metadata.labels["{ENFORCE_LABEL}"]'

CASES = cases(
    namespaces_enforce_restricted,
    accepts(NAMESPACE),
    *(accepts(NAMESPACE, {"metadata.name": name, LABEL: "privileged"}) for name in PRIVILEGED),
    *(refuses(NAMESPACE, {LABEL: level}) for level in ("baseline", "privileged", "", None)),
    refuses(NAMESPACE, {"metadata.labels": None}, at=LABEL),
    refuses(good(NAMESPACE_TYPE, {}), at=LABEL),
    undecided(NAMESPACE, LABEL),
    undecided(NAMESPACE, "metadata.labels"),
)
