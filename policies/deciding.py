"""Questions about several resources of which one is enough: an unknown counts only where no known one answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from policies.model import Resource

T = TypeVar("T")


def may_any(candidates: Iterable[tuple[Resource, T]], test: Callable[[T], bool]) -> bool:
    """Whether ``test``, which counts an unknown value as passed, is passed by something that belongs to one of several resources.

    What passes without an unknown settles it: nothing is noted. Else what those that may pass have left open is noted.
    """
    undecided = []
    for resource, candidate in candidates:
        trace = resource.trace
        before, trace.unknown = trace.unknown, {}
        try:
            passed = test(candidate)
        finally:
            met, trace.unknown = trace.unknown, before
        if passed and not met:
            return True
        if passed:
            undecided.append((trace, met))
    for trace, met in undecided:
        trace.unknown.update(met)
    return bool(undecided)
