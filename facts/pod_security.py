"""The levels of the Pod Security Standards, and the labels that enforce one (POD-002)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

_LABEL: Final = "pod-security.kubernetes.io"
ENFORCE_LABEL: Final = f"{_LABEL}/enforce"


class PodSecurity(StrEnum):
    """``restricted`` is for whatever can run so; ``privileged`` forbids nothing."""

    RESTRICTED = "restricted"
    BASELINE = "baseline"
    PRIVILEGED = "privileged"


def pod_security_labels(enforced: PodSecurity) -> dict[str, str]:
    """The labels of Pod Security admission: ``restricted`` is always warned of and audited.

    ``latest`` follows the cluster's version, so that an upgrade brings its checks along.
    """
    levels = {"enforce": enforced, "audit": PodSecurity.RESTRICTED, "warn": PodSecurity.RESTRICTED}
    return {
        label: value
        for mode, level in levels.items()
        for label, value in ((f"{_LABEL}/{mode}", level.value), (f"{_LABEL}/{mode}-version", "latest"))
    }
