"""Declared recovery targets: where resources carry the markers ``rpo`` and ``rto``, and what these say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from facts.duration import parse_duration
from policies.model import Resource
from policies.values import Value

RTO_MARKER: Final = "platform/rto"

_ISO: Final = re.compile(
    r"P(?:(?P<w>[\d.]+)W)?(?:(?P<d>[\d.]+)D)?(?:T(?:(?P<h>[\d.]+)H)?(?:(?P<m>[\d.]+)M)?(?:(?P<s>[\d.]+)S)?)?", re.IGNORECASE
)
_WORDS: Final = re.compile(r"(?<=[\d\s])(w|d|h|m|s)(?:eeks?|ays?|ours?|rs?|inutes?|ins?|econds?|ecs?)(?=[\d\s]|$)")


def read_target(content: Any) -> timedelta:
    """A recovery target in any usual notation: ``0``, ``5m``, ``1h30m``, ``4 hours``, ``15 min``, ``PT5M``; a bare number counts seconds.

    Raises:
        ValueError: the content is not a duration.
        TypeError: it is not even a text or a number.
    """
    if not isinstance(content, str | int | float):
        raise TypeError(f"{type(content).__name__} is not a duration")
    text = str(int(content)) if isinstance(content, float) and content.is_integer() else str(content).strip()
    iso = _ISO.fullmatch(text)
    if iso is not None and any(iso.groups()):
        text = "".join(f"{number}{unit}" for unit, number in iso.groupdict().items() if number)
    return parse_duration(re.sub(r"\s+", "", _WORDS.sub(r"\1", text.lower())) if not isinstance(content, bool) else content)


def markers_of(resource: Resource, marker: str) -> Iterator[Value]:
    """The places where a Kubernetes object carries a marker: its annotations and labels, then those of its pod template."""
    for metadata in (resource["metadata"], resource.at("spec.template.metadata")):
        for kind in ("annotations", "labels"):
            place = metadata[kind][marker]
            if place.peek("the rule that asks for a marker says what an unknown one means") is not None:
                yield place
