"""Rules about what a cluster or registry enforces by itself."""

from __future__ import annotations

from policies.rules.security import pod_security_labels, registries

MODULES = (pod_security_labels, registries)
