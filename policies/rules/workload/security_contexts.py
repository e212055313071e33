"""The security contexts of a pod, and how its containers inherit from it: what the rules about them share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policies.values import Value


@dataclass(frozen=True, kw_only=True)
class SecurityContexts:
    """The place of a pod's own security context and of each of its containers'."""

    pod: Value
    containers: Sequence[Value]

    def breaches(self, field: str, wanted: Any) -> Iterator[Value]:
        """The places where ``field``, which containers inherit from the pod, is not ``wanted``.

        A wrong value counts wherever it stands, also on the pod when every container overrides it. A missing one counts once: at the pod
        when no container sets it, else at each container that does not.
        """
        of_pod = self.pod.at(field)
        of_containers = [container.at(field) for container in self.containers]
        silent = [place for place in of_containers if place.is_absent]
        if of_pod.is_absent:
            yield from [of_pod] if silent and len(silent) == len(of_containers) else silent
        for place in (of_pod, *of_containers):
            if place.is_given and place.is_not(wanted):
                yield place


def is_root(user: Any) -> bool:
    """Whether a ``runAsUser`` is root's, as a number or, in a chart's values, as text."""
    return not isinstance(user, bool) and user in (0, "0")
