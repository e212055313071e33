"""The limits of every type, by its token."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from facts.limits.aws import AWS_LIMITS, AWS_NAMES, AWS_TAGS
from facts.limits.azure import AZURE_LIMITS, AZURE_NAMES, AZURE_TAGS
from facts.limits.kubernetes import KIND_LIMITS, OBJECT_LIMITS, OBJECT_NAME, RELEASE, RELEASE_NAMING
from facts.limits.limit import Limit, PhysicalName


@functools.cache
def limits_of(token: str) -> Mapping[str, Limit]:
    """The limits of a type by path; empty where none is known.

    In a path ``*`` stands for every element of a list or value of a mapping, and ``<keys>``, at its end, for the keys of a mapping.
    """
    package = token.partition(":")[0]
    if package == "aws":
        return {**AWS_TAGS, **AWS_LIMITS.get(token, {})}
    if package == "azure-native":
        return {**AZURE_TAGS, **AZURE_LIMITS.get(token, {})}
    if package == "kubernetes":
        own = KIND_LIMITS.get(token, {})
        return own if token == RELEASE else {**OBJECT_LIMITS, **own}
    return {}


def physical_name_of(token: str) -> PhysicalName | None:
    """Where the name of a resource stands that its provider makes where the program gives none; None where it makes none."""
    if token == RELEASE:
        return RELEASE_NAMING
    return OBJECT_NAME if token.startswith("kubernetes:") else {**AWS_NAMES, **AZURE_NAMES}.get(token)
