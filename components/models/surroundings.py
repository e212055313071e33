"""Where a section of the settings stands, as far as its rules ask."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the rules of a section ask of others, as it was written.

    It is told beforehand, so that no other mistake keeps them from asking. ``region`` is a cloud's
    region or location; None where the place has none.
    """

    region: object
    tier: object
