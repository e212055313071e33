"""Helm releases as rules see them: which chart is installed, and with which values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from facts.yaml_scalars import AmbiguousScalarError, resolve_plain
from facts.yaml_text import YamlTextError, read_yaml
from policies.model import Resource
from policies.values import UNKNOWN, Value

RELEASE_TYPES: Final = ("kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart")
"""Types whose inputs name a chart and its values."""

_ARCHIVE: Final = re.compile(r"-v?\d+\.\d+\.\d+[^/]*?\.(?:tgz|tar\.gz)$")
_REFERENCE: Final = re.compile(r"(?:@sha256)?:[^/]*$")


def chart_name(resource: Resource) -> str | None:
    """The chart's own name, whichever way it is referred to; None where it is unknown (noted) or not given.

    ``nats``, ``nats/nats``, ``./charts/nats``, ``oci://registry/charts/nats`` and ``https://host/nats-2.14.2.tgz`` are all ``nats``.
    """
    return _own_name(resource["chart"].text())


@cache
def _own_name(chart: str) -> str | None:
    last = chart.split("?", maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return _REFERENCE.sub("", _ARCHIVE.sub("", last)) or None


def chart_values(resource: Resource) -> Value:
    """The values that the chart gets from its user: ``values`` over the contents of ``valueYamlFiles``.

    A values file that the engine shows without its text may set anything: what ``values`` leaves out is then unknown.
    """
    content = resource.properties.get("values")
    files = resource.properties.get("valueYamlFiles")
    content = {} if content is None else content
    for file in [] if files is None else reversed(files) if isinstance(files, list) else [UNKNOWN]:
        content = _over(content, _text_of(file))
    return Value(content, "values", resource.trace)


class _Open(dict[str, Any]):
    """A mapping that may hold more than is known: a key that it lacks is unknown."""

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ARG002 # the signature of dict
        return super().get(key, UNKNOWN)


def _open(content: Any) -> Any:
    return _Open({key: _open(below) for key, below in content.items()}) if isinstance(content, Mapping) else content


def _over(content: Any, defaults: Any) -> Any:
    """``content`` merged over ``defaults`` as Helm does it: mappings by key, everything else replaced."""
    if defaults is UNKNOWN:
        return _open(content)
    if not isinstance(content, Mapping) or not isinstance(defaults, Mapping):
        return content
    merged = {**defaults, **{key: _over(below, defaults[key]) if key in defaults else below for key, below in content.items()}}
    return _Open(merged) if isinstance(content, _Open) else merged


def _text_of(file: Any) -> Any:
    """What a values file holds; unknown where the engine shows a path or an address instead of the text."""
    text = file.get("text") if isinstance(file, Mapping) else None
    return _read(text) if isinstance(text, str) else UNKNOWN


@cache
def _read(text: str) -> Any:
    """A values file, which many rules ask for; unknown where it cannot be read, and where readers of YAML disagree over a value."""
    try:
        content = read_yaml(text, _resolve).content
    except YamlTextError:
        return UNKNOWN
    return {} if content is None else content


def _resolve(scalar: str) -> Any:
    try:
        return resolve_plain(scalar)
    except AmbiguousScalarError:
        return UNKNOWN
