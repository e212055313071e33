"""How large a NATS server's volume has to be for the traffic that it stores (MSG-007)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Final

from components.base import ComponentError
from facts.jetstream import USABLE_SHARE

_DAY: Final = timedelta(days=1)
_GIB: Final = 2**30


class SizingError(ComponentError):
    """A volume cannot be sized from, or is too small for, what it shall hold."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """What a cluster has to keep: messages a day, mean stored bytes a message (headers included), how long, and how many copies.

    Raises:
        SizingError: a figure is not positive, or there are more replicas than servers.
    """

    messages_per_day: int
    bytes_per_message: int
    retention: timedelta
    replicas: int
    servers: int

    def __post_init__(self) -> None:
        figures = {
            "messages_per_day": self.messages_per_day,
            "bytes_per_message": self.bytes_per_message,
            "retention": self.retention / _DAY,
            "replicas": self.replicas,
            "servers": self.servers,
        }
        wrong = [f"{name} = {value:g}" for name, value in figures.items() if value <= 0]
        if wrong:
            raise SizingError(f"traffic needs positive figures; got {', '.join(wrong)}")
        if self.replicas > self.servers:
            raise SizingError(f"{self.replicas} replicas do not fit on {self.servers} servers; each copy needs a server of its own")


def required_volume(traffic: Traffic) -> int:
    """Bytes that each server's volume needs (MSG-007): messages/day x bytes x days x replicas / servers / 0.85, in whole GiB."""
    stored = Decimal(traffic.messages_per_day * traffic.bytes_per_message * traffic.replicas) / traffic.servers
    stored *= Decimal(traffic.retention // timedelta(microseconds=1)) / Decimal(_DAY // timedelta(microseconds=1))
    return int((stored / USABLE_SHARE / _GIB).to_integral_value(ROUND_CEILING)) * _GIB
