from __future__ import annotations

from policies.rules.security.registries import REGISTRY_TYPES, registries_keep_tags
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided

REGISTRIES = [good(token, {"imageTagMutability": "IMMUTABLE"}) for token in REGISTRY_TYPES if token.startswith("aws:")]

CASES = cases(
    registries_keep_tags,
    *(accepts(registry) for registry in REGISTRIES),
    *(
        refuses(registry, {"imageTagMutability": setting})
        for registry in REGISTRIES
        for setting in ("MUTABLE", "IMMUTABLE_WITH_EXCLUSION", None)
    ),
    *(undecided(registry, "imageTagMutability") for registry in REGISTRIES),
)
