"""Declared recovery targets: where resources carry the markers ``rpo`` and ``rto``, and what these say."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from facts.duration import parse_duration
from policies.helm import RELEASE_TYPES, chart_values
from policies.model import Resource
from policies.search import everywhere
from policies.values import UNKNOWN, Value

RPO_MARKER: Final = "platform/rpo"
RTO_MARKER: Final = "platform/rto"

_ISO: Final = re.compile(
    r"P(?:(?P<y>[\d.]+)Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<w>[\d.]+)W)?(?:(?P<d>[\d.]+)D)?"
    r"(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?(?:(?P<s>[\d.]+)S)?)?",
    re.IGNORECASE,
)
_CARRIER: Final = re.compile(r"(?!match)\w*(?:annotations|labels)|metadata|merge|podTemplate|statefulSet|global", re.IGNORECASE)
"""Keys below which objects, and values of charts, hold annotations and labels."""
_WORDS: Final = re.compile(r"(?<=[\d\s])(w|d|h|m|s)(?:eeks?|ays?|ours?|rs?|inutes?|ins?|econds?|ecs?)(?=[\d\s]|$)")


def read_target(content: Any) -> timedelta:
    """A recovery target in any usual notation: ``0``, ``5m``, ``1h30m``, ``4 hours``, ``15 min``, ``PT5M``, ``P30D``.

    A bare number counts seconds, a month has 30 days.

    Raises:
        ValueError: the content is not a duration.
        TypeError: it is not even a text or a number.
    """
    if not isinstance(content, str | int | float):
        raise TypeError(f"{type(content).__name__} is not a duration")
    text = str(int(content)) if isinstance(content, float) and content.is_integer() else str(content).strip()
    iso = _ISO.fullmatch(text)
    if iso is not None and any(iso.groups()):
        parts = {**iso.groupdict(), "months": None}
        text = "".join(f"{number}{unit}" for unit, number in parts.items() if number) + f"{30 * int(iso['months'] or 0)}d"
    return parse_duration(re.sub(r"\s+", "", _WORDS.sub(r"\1", text.lower())) if not isinstance(content, bool) else content)


def markers_of(resource: Resource, marker: str) -> list[Value]:
    """Every place where a Kubernetes object, or the values that a chart hands on, carries a marker: as annotation or as label.

    Where nothing does, what is unknown as a whole and may hold annotations or labels may carry it.
    """
    places = list(everywhere(chart_values(resource) if resource.type in RELEASE_TYPES else resource.inputs))
    carrying = [place for key, place in places if key == marker]
    return carrying or [place for key, place in places if _CARRIER.fullmatch(key) and place.peek("who reads it notes it") is UNKNOWN]
