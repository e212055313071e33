"""Durations as Go, Helm and Prometheus write them: ``5m``, ``1h30m``, ``30d``, ``500ms``, ``720h0m0s``."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal, DecimalException
from typing import Final

_MICROSECONDS: Final = {
    "ns": Decimal("0.001"),
    "us": Decimal(1),
    "µs": Decimal(1),  # micro sign: Go reads both
    "μs": Decimal(1),  # Greek mu: Go writes this one
    "ms": Decimal(10) ** 3,
    "s": Decimal(10) ** 6,
    "m": Decimal(10) ** 6 * 60,
    "h": Decimal(10) ** 6 * 3600,
    "d": Decimal(10) ** 6 * 86_400,
    "w": Decimal(10) ** 6 * 86_400 * 7,
    "y": Decimal(10) ** 6 * 86_400 * 365,
}
_NUMBER: Final = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_PART: Final = re.compile(rf"({_NUMBER})({'|'.join(_MICROSECONDS)})")
_DURATION: Final = re.compile(rf"(?:{_PART.pattern})+")
_BARE: Final = re.compile(_NUMBER)


def parse_duration(text: str | float) -> timedelta:
    """The length of time; a bare number counts seconds. ``d`` is 24 hours, ``w`` seven days, ``y`` 365 days, as Prometheus has them.

    Raises:
        ValueError: the text is not a duration, is negative, finer than a microsecond or longer than ``timedelta.max``.
    """
    written = "" if isinstance(text, bool) else str(text)
    if _BARE.fullmatch(written):
        microseconds = Decimal(written) * _MICROSECONDS["s"]
    elif _DURATION.fullmatch(written):
        microseconds = sum((Decimal(number) * _MICROSECONDS[unit] for number, unit in _PART.findall(written)), Decimal(0))
    else:
        raise ValueError(f"{text!r} is not a duration; write a number with a unit such as 30s, 5m, 1h30m or 30d")
    try:
        if microseconds == microseconds.to_integral_value():
            return timedelta(microseconds=int(microseconds))
    except (OverflowError, DecimalException):
        raise ValueError(f"{text!r} is longer than the {timedelta.max.days} days that can be represented") from None
    raise ValueError(f"{text!r} is finer than a microsecond")


def format_duration(length: timedelta) -> str:
    """The duration in hours, minutes, seconds and less (``720h``, ``1h30m``, ``0s``): Go, Helm, NATS and Prometheus all read it.

    Raises:
        ValueError: the duration is negative.
    """
    if length < timedelta(0):
        raise ValueError(f"{length} is negative")
    rest = length // timedelta(microseconds=1)
    parts = []
    for unit in ("h", "m", "s", "ms", "us"):
        count, rest = divmod(rest, int(_MICROSECONDS[unit]))
        parts.append(f"{count}{unit}" if count else "")
    return "".join(parts) or "0s"
