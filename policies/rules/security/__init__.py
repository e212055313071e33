"""Rules about what a registry enforces by itself."""

from __future__ import annotations

from policies.rules.security import registries

MODULES = (registries,)
