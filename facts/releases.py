"""The releases of Kubernetes and PostgreSQL that the platform supports: what settings allow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True, kw_only=True)
class KubernetesService:
    """A cloud's Kubernetes, and until when it supports each release.

    Attributes:
        name: what people call it.
        support_ends: by release, the day on which standard support ends.
        afterwards: what then happens to a cluster that stays.
    """

    name: str
    support_ends: Mapping[str, date]
    afterwards: str


# A release leaves when its day is less than ``SUPPORT_NOTICE`` away everywhere and another two are
# there (CLUS-005 asks for 1.33 or newer).
EKS: Final = KubernetesService(
    name="EKS",
    support_ends={"1.35": date(2027, 3, 27), "1.36": date(2027, 8, 2)},
    afterwards="extended support costs six times as much",
)
"""EKS user guide, "Kubernetes release calendar"; ``aws eks describe-cluster-versions``."""
AKS: Final = KubernetesService(
    name="AKS",
    support_ends={"1.35": date(2027, 3, 31), "1.36": date(2027, 6, 30)},
    afterwards="AKS then upgrades the cluster when it likes",
)
"""AKS, "Supported Kubernetes versions", release calendar: the last day of the month that it names."""
SUPPORT_NOTICE: Final = timedelta(days=60)
"""How long before the end of its support a release is advised against."""
KUBERNETES_RELEASES: Final = tuple(EKS.support_ends)
"""Every service has them all."""
DEFAULT_KUBERNETES_RELEASE: Final = "1.36"
POSTGRES_MINORS: Final[Mapping[int, int]] = {16: 13, 17: 9}
"""By major, the newest minor that RDS was seen to offer (its announcement of February 26, 2026).

Databases' parameters are valid in these majors (PG-003 asks for 16 or newer). RDS ends a minor's
support about a year after its release and then upgrades by itself, in the next maintenance window.
"""
POSTGRES_MAJORS: Final = tuple(POSTGRES_MINORS)
DEFAULT_POSTGRES_VERSION: Final = f"{POSTGRES_MAJORS[-1]}.{POSTGRES_MINORS[POSTGRES_MAJORS[-1]]}"


def support_advice(release: str, service: KubernetesService, today: date) -> str | None:
    """What to tell whoever stays on a release whose support is about to end, or has ended; None until then."""
    end = service.support_ends[release]
    if today + SUPPORT_NOTICE < end:
        return None
    ends = "ended" if end < today else "ends"
    return f"the standard support of Kubernetes {release} on {service.name} {ends} on {end}, and {service.afterwards}"
