"""POD-009: an image reference means the same image tomorrow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from policies.helm import RELEASE_TYPES, chart_values
from policies.images import mutability, parse_image
from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.overlays import Entry, entries
from policies.search import is_switched_off
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec

_CURE: Final = "name the image by digest (@sha256:…), an own one by its commit, a vendor's at least by one exact version such as 1.2.3"
_IMAGE_KEY: Final = re.compile(r"(?:.*I|i)mage|fullImageName")
_TAG_KEY: Final = re.compile(r"(?:.*I|i)mageTag")
_HEX_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def _check_pods(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for container in containers(pod_spec(resource)):
        yield from _reference(container.spec["image"], container.title)


def _reference(place: Value, holder: str) -> Iterator[Finding]:
    problem = None if place.is_unknown else mutability(parse_image(_text(place.known)))
    if problem:
        yield violation(place, f"{holder}: {problem}", _CURE)


def _check_releases(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for entry in entries(chart_values(resource), is_switched_off):
        yield from _check_entry(entry)


def _check_entry(entry: Entry) -> Iterator[Finding]:
    value = entry.value
    if isinstance(value.known, dict):
        if _IMAGE_KEY.fullmatch(entry.key) or ("repository" in value.known and "tag" in value.known):
            yield from _parts(value)
    elif _IMAGE_KEY.fullmatch(entry.key):
        beside = _text(entry.holder["tag"].known) or _text(entry.holder["imageTag"].known)
        if _is_plain(value.known) and not beside:
            yield from _reference(value, "image of the chart")
    elif _TAG_KEY.fullmatch(entry.key) and value.is_given:
        yield from _tag(value, "")


def _parts(image: Value) -> Iterator[Finding]:
    digests = [place for place in (image["digest"], image["sha"]) if place.is_unknown or _text(place.known)]
    for digest in digests:
        if digest.fails(lambda content: _HEX_DIGEST.fullmatch(_text(content).removeprefix("sha256:")) is not None):
            yield violation(digest, "the digest is not sha256 with 64 hexadecimal digits", _CURE)
    if not digests and image["tag"].is_given:
        name = "/".join(filter(None, (_text(image["registry"].known), _text(image["repository"].known))))
        yield from _tag(image["tag"], name)


def _tag(place: Value, name: str) -> Iterator[Finding]:
    tag = _text(place.known)
    problem = mutability(parse_image(f"{name or 'image'}:{tag}")) if _is_plain(tag) else None
    if problem:
        yield violation(place, f"image of the chart: {problem}", _CURE)


def _text(content: Any) -> str:
    # A tag without quotes is a number in YAML.
    return content if isinstance(content, str) else f"{content:g}" if isinstance(content, float | int) else ""


def _is_plain(content: Any) -> bool:
    # What a template renders is pinned by the chart's version.
    return isinstance(content, str) and "{{" not in content


PODS_PIN_IMAGES = ResourceRule(name="pods-pin-images", requirements=("POD-009",), types=WORKLOAD_TYPES, check=_check_pods)
CHARTS_PIN_IMAGES = ResourceRule(name="charts-pin-images", requirements=("POD-009",), types=RELEASE_TYPES, check=_check_releases)
