"""What is put into a namespace asks something of it: room, and ways through its default-deny."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from components.tenancy.footprint import Footprint
from components.tenancy.traffic import TrafficRule

RPO_METHOD: Final = "platform/rpo-method"
"""The annotation of a namespace that says what brings its data back in place of backups of its volumes."""


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What one component asks of a namespace, whose quota and policies are the sum of demands.

    Attributes:
        namespace: its name.
        footprint: the room that it needs there.
        traffic: the ways that it needs through the default-deny.
        rpo_method: what brings its data back to the latest moment in place of backups of its volumes, if
            anything does.
    """

    namespace: str
    footprint: Footprint
    traffic: Sequence[TrafficRule]
    rpo_method: Literal["pitr", "mirror"] | None = None
