"""What a promtool case is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Case:
    """One alert at one moment of made-up series (promtool's notation, one value a ``step``).

    ``labels`` are those of the one alert that then fires, without ``alertname``, ``severity`` and ``team``; None: it is silent.
    """

    alert: str
    series: Mapping[str, str]
    at: str
    labels: Mapping[str, str] | None = None
    step: str = "1m"


def fires(alert: str, series: Mapping[str, str], at: str, labels: Mapping[str, str], step: str = "1m") -> Case:
    """The alert fires at ``at`` with ``labels``."""
    return Case(alert=alert, series=series, at=at, labels=labels, step=step)


def silent(alert: str, series: Mapping[str, str], at: str, step: str = "1m") -> Case:
    """The alert does not fire at ``at``."""
    return Case(alert=alert, series=series, at=at, step=step)
