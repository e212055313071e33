"""The security contexts of a pod, and how its containers inherit from it: what the rules about them share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policies.values import Value
from policies.workloads import containers


@dataclass(frozen=True, kw_only=True)
class SecurityContexts:
    """The place of a pod's own security context and of each of its containers'."""

    pod: Value
    containers: Sequence[Value]

    @property
    def all(self) -> Sequence[Value]:
        """The pod's own context first."""
        return (self.pod, *self.containers)

    def breaches(self, field: str, wanted: Any) -> Iterator[Value]:
        """The places where ``field``, which containers inherit from the pod, is not ``wanted``: the missing ones, then the wrong ones.

        A wrong value counts wherever it stands, also on the pod when every container overrides it.
        """
        yield from self.gaps(field)
        for context in self.all:
            place = context.at(field)
            if place.is_given and not place.equals(wanted):
                yield place

    def gaps(self, field: str) -> Sequence[Value]:
        """The places where ``field`` is missing: the pod when no container sets it either, else each container that does not."""
        of_pod = self.pod.at(field)
        of_containers = [container.at(field) for container in self.containers]
        silent = [place for place in of_containers if place.is_absent]
        if not of_pod.is_absent:
            return ()
        return [of_pod] if silent and len(silent) == len(of_containers) else silent


def contexts_of(pod: Value) -> SecurityContexts:
    """The security contexts in a pod's spec."""
    return SecurityContexts(pod=pod["securityContext"], containers=[container.spec["securityContext"] for container in containers(pod)])


def is_root(user: Any) -> bool:
    """Whether a ``runAsUser`` is root's, as a number or, in a chart's values, as text."""
    return not isinstance(user, bool) and user in (0, "0")
