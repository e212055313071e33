"""What is put into a namespace asks something of it: room, and ways through its default-deny."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.tenancy.footprint import Footprint
from components.tenancy.traffic import TrafficRule


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What one component asks of a namespace, whose quota and policies are the sum of demands."""

    namespace: str
    footprint: Footprint
    traffic: Sequence[TrafficRule]
