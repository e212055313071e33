"""What taints of nodes do, in the words of settings."""

from __future__ import annotations

from enum import StrEnum


class TaintEffect(StrEnum):
    """What a taint does to pods that do not tolerate it, in the words of the EKS API, on every cloud."""

    NO_SCHEDULE = "NO_SCHEDULE"
    NO_EXECUTE = "NO_EXECUTE"
    PREFER_NO_SCHEDULE = "PREFER_NO_SCHEDULE"

    @property
    def in_kubernetes(self) -> str:
        """The same in the words of Kubernetes, such as ``NoSchedule``."""
        return "".join(word.capitalize() for word in self.value.split("_"))
