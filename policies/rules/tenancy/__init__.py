"""Rules about namespaces."""

from __future__ import annotations

from policies.rules.tenancy import pod_security_labels

MODULES = (pod_security_labels,)
