"""What streams and their servers claim about loss: recovery point objectives that they declare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from policies.findings import Finding
from policies.model import Resource
from policies.recovery import RPO_MARKER, markers_of
from policies.values import Value


def recovery_points(resource: Resource) -> list[Value]:
    """The recovery point objectives that a resource declares anywhere: annotations, labels, or those that chart values hand on."""
    return markers_of(resource, RPO_MARKER)


def is_zero(place: Value) -> bool:
    """Whether a known duration is zero in whatever notation: ``0``, ``0s``, ``0h0m0s``, ``PT0S``."""
    digits = re.sub(r"\D", "", str(place.get("")))
    return bool(digits) and not digits.strip("0")


def claims_zero(resource: Resource) -> bool:
    """Whether a resource declares that nothing acknowledged may be lost (DR-001)."""
    return any(is_zero(place) for place in recovery_points(resource))


def narrow(found: Iterable[Finding], *requirements: str) -> list[Finding]:
    """The findings as they are where only some of their rule's requirements ask for it."""
    return [replace(finding, requirements=requirements) for finding in found]
