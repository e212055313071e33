"""How many connections a database has, whoever runs it, and when that is too few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_HIGH_SHARE: Final = 0.9


@dataclass(frozen=True, kw_only=True)
class ConnectionLimits:
    """The connections of an instance.

    Attributes:
        most: ``max_connections``.
        reserved: how many of them no application gets.
    """

    most: int
    reserved: int

    @property
    def high(self) -> int:
        """More than these are 90 % of all (ALERT-006)."""
        return int(self.most * _HIGH_SHARE)

    @property
    def last(self) -> int:
        """At these an application gets no further one (ALERT-007)."""
        return self.most - self.reserved
