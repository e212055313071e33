"""POD-009: an image reference means the same image tomorrow."""

from __future__ import annotations

import re
from typing import Any, Final

from policies import cloudnative_pg
from policies.findings import Findings
from policies.helm import RELEASE_TYPES, chart_values
from policies.images import mutability, parse_image
from policies.model import Resource, Stack, rule
from policies.overlays import Entry, entries
from policies.search import child, where_on
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec

_CURE: Final = "Name the image by digest (@sha256:…), an own one by its commit, a vendor's at least by one exact version such as 1.2.3"
_BESIDE: Final = "an image whose other parts are not known yet is judged by its tag"
_OWN: Final = "own.azurecr.io/image"
_IMAGE_KEY: Final = re.compile(r"(?:.*I|i)mage|fullImageName")
_TAG_KEY: Final = re.compile(r"(?:.*I|i)mageTag")
_HEX_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@rule("POD-009", on=WORKLOAD_TYPES)
def pods_pin_images(workload: Resource, _: Stack) -> Findings:
    """Every container of a pod, whichever way it runs."""
    for container in containers(pod_spec(workload)):
        yield from _check_reference(container.spec["image"], container.title)


def _check_reference(place: Value, holder: str) -> Findings:
    problem = None if place.is_unknown else mutability(parse_image(_text(place.get())))
    return place.refuse(f"{holder}: {problem}", _CURE) if problem else ()


@rule("POD-009", on=(cloudnative_pg.CLUSTER, cloudnative_pg.POOLER, *cloudnative_pg.IMAGE_CATALOGS))
def databases_pin_images(database: Resource, _: Stack) -> Findings:
    """An image that is not named is the operator's choice, which its own version pins; PostgreSQL's tags are moved by each rebuild."""
    spec = database["spec"]
    named = [spec["imageName"], spec.at("pgbouncer.image"), *(each.spec["image"] for each in containers(pod_spec(database)))]
    for place in (*named, *(each["image"] for each in spec["images"].each())):
        if not place.is_absent:
            yield from _check_reference(place, "image of the database")


@rule("POD-009", on=RELEASE_TYPES)
def charts_pin_images(release: Resource, _: Stack) -> Findings:
    """What a chart's values say of images; its own defaults are pinned by its version."""
    for entry in entries(chart_values(release), where_on):
        yield from _check_entry(entry)


def _check_entry(entry: Entry) -> Findings:
    value, named = entry.value, _IMAGE_KEY.fullmatch(entry.key) is not None
    if named and value.is_unknown:
        return ()
    if named or (child(value, "repository") is not None and child(value, "tag") is not None):
        return _check_parts(value) if value.satisfies(lambda content: isinstance(content, dict)) else _check_whole(entry)
    is_tag = _TAG_KEY.fullmatch(entry.key) and value.satisfies(lambda content: isinstance(content, str | float | int))
    return _check_tag(value, "") if is_tag else ()


def _check_whole(entry: Entry) -> Findings:
    content = entry.value.get()
    beside = [part for part in (child(entry.holder, "tag"), child(entry.holder, "imageTag")) if part is not None]
    is_tagged = any(_text(part.get()) or part.is_unknown for part in beside)
    return _check_reference(entry.value, "image of the chart") if _is_plain(content) and not is_tagged else ()


def _check_parts(image: Value) -> Findings:
    digests = [place for place in (image["digest"], image["sha"]) if place.is_unknown or _text(place.get())]
    for digest in digests:
        yield from digest.must_satisfy(
            lambda content: _HEX_DIGEST.fullmatch(_text(content).removeprefix("sha256:")) is not None,
            "the digest is not sha256 with 64 hexadecimal digits",
            _CURE,
        )
    if not digests and image["tag"].is_given:
        yield from _check_tag_of(image)


def _check_tag_of(image: Value) -> Findings:
    parts, tag = [image[key] for key in ("registry", "repository")], image["tag"]
    found = list(_check_tag(tag, "/".join(filter(None, (_text(part.peek(_BESIDE)) for part in parts)))))
    if not found and any(True for _ in _check_tag(tag, _OWN)):
        # Only an own image would be refused: whether it is one is undecided while its place is unknown.
        for part in parts:
            part.get()
    return found


def _check_tag(place: Value, name: str) -> Findings:
    tag = _text(place.get())
    problem = mutability(parse_image(f"{name or 'image'}:{tag}")) if _is_plain(tag) else None
    return place.refuse(f"image of the chart: {problem}", _CURE) if problem else ()


def _text(content: Any) -> str:
    # A tag without quotes is a number in YAML.
    return content if isinstance(content, str) else f"{content:g}" if isinstance(content, float | int) else ""


def _is_plain(content: Any) -> bool:
    # What a template renders is pinned by the chart's version.
    return isinstance(content, str) and "{{" not in content
