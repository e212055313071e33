"""What is known of a chart, as data: where its values keep what rules ask for, and what it does by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from policies.findings import Finding
from policies.values import Value


@dataclass(frozen=True, kw_only=True)
class Knob:
    """Where a chart's values hold one setting; ``default`` is what the chart does where nothing stands there.

    ``extensions`` are pairs of a point with ``merge`` (deep for mappings, lists replaced) and ``patch``
    (JSON Patch, applied after it), and of the place that the setting has in the object which that point
    changes. The first that says something wins over ``path``, which is empty where only they can.
    """

    path: str = ""
    default: Any = None
    extensions: tuple[tuple[str, str], ...] = ()

    def override(self, values: Value) -> Value | None:
        """What the extensions say; None where they leave the setting alone."""
        for point, steps in self.extensions:
            found = extended(values.at(point), *steps.split("."))
            if found is not None:
                return found
        return None

    def place(self, values: Value) -> Value:
        """Where the setting stands, or would stand."""
        return self.override(values) or values.at(self.path)

    def is_on(self, values: Value) -> bool:
        """Whether a template's ``if`` takes the setting for true: all but false, zero and the empty ones.

        What is unknown (noted) counts as the default.
        """
        return bool(self.place(values).get(self.default))

    def must_be_on(self, values: Value, problem: str, *, cure: str = "") -> Sequence[Finding]:
        """Refuse a known value that a template's ``if`` does not take for true."""
        place = self.place(values)
        return place.must_satisfy(bool, problem, cure or f"Set {place.path} to true", default=self.default)


@dataclass(frozen=True, kw_only=True)
class Container:
    """A container of a chart's pod: where its security context, resources, image and probes stand, and what switches it on."""

    context: str
    resources: str = ""
    image: str = ""
    probes: str = ""
    switch: Knob | None = None


@dataclass(frozen=True, kw_only=True)
class Pod:
    """A kind of pod that a chart runs. ``patches`` are the places whose JSON Patch may change all of it.

    ``spread`` holds topology spread constraints, as a list or as a mapping from the topology key;
    ``budget`` switches on the chart's own PodDisruptionBudget; ``grace`` holds the seconds that a pod has
    to end, ``strategy`` the type of update strategy.
    """

    name: str
    context: str
    containers: tuple[Container, ...]
    is_open: bool = False
    """Whether the chart's default context lets containers run as root or keep privileges."""
    replicas: Knob | None = None
    spread: Knob | None = None
    budget: Knob | None = None
    grace: Knob | None = None
    strategy: Knob | None = None
    switch: Knob | None = None
    patches: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Volume:
    """A volume claim that each pod of a StatefulSet gets where all of ``switches`` are on."""

    switches: tuple[Knob, ...]
    size: Knob
    storage_class: Knob


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart in the versions from ``since`` up to, but not including, ``below``, as numbers of major and minor.

    ``claims`` replaces the chart's own volume claim templates, ``retention`` says what becomes of claims
    when their StatefulSet is deleted, ``metrics`` switches on what Prometheus scrapes.
    """

    name: str
    since: tuple[int, int]
    below: tuple[int, int]
    pods: tuple[Pod, ...] = ()
    volumes: tuple[Volume, ...] = ()
    claims: Knob | None = None
    retention: Knob | None = None
    metrics: Knob | None = None

    def pod(self, name: str) -> Pod:
        """The pod of that name."""
        return next(pod for pod in self.pods if pod.name == name)


def where_on(place: Value, switches: Sequence[Knob], values: Value) -> Value | None:
    """The place, if all switches are on, and None if one is off; while one is unknown (noted), it does not count yet."""
    for switch in switches:
        at = switch.place(values)
        if at.is_unknown:
            place = place.provided(at)
        elif not switch.is_on(values):
            return None
    return place


def extended(extension: Value, *path: str) -> Value | None:
    """What the ``merge`` and ``patch`` of ``extension`` put at ``path`` of the object that it extends; None where they leave it alone.

    An operation that is not known yet may do anything: the result is then unknown.
    """
    merged = extension["merge"]
    for key in path:
        merged = merged[key]
    patch = extension["patch"]
    result = patch if patch.is_unknown else None if merged.is_absent else merged
    for operation in patch.each():
        target = _pointer(operation)
        if operation["path"].is_unknown or operation["op"].is_unknown:
            result = operation["path"] if operation["path"].is_unknown else operation["op"]
        elif target is not None and operation["op"].text() in {"add", "replace", "remove"} and target == path[: len(target)]:
            result = operation["value"]
            for key in path[len(target) :]:
                result = result[key]
    return result


def appended(extension: Value, *path: str) -> list[Value]:
    """The elements that a ``patch`` adds to the list at ``path``."""
    return [
        operation["value"]
        for operation in extension["patch"].each()
        if operation["op"].text() == "add" and (_pointer(operation) or ())[:-1] == path
    ]


def _pointer(operation: Value) -> tuple[str, ...] | None:
    """The steps of a JSON Pointer (RFC 6901); None where it is not one."""
    text = operation["path"].text()
    if text and not text.startswith("/"):
        return None
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in text.split("/")[1:])
