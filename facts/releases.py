"""The releases of Kubernetes and PostgreSQL that the platform supports: what settings allow and components have tables for."""

from __future__ import annotations

from typing import Final

KUBERNETES_RELEASES: Final = ("1.34", "1.35", "1.36")
"""A release leaves when its standard support on EKS ends (CLUS-005 asks for 1.33 or newer)."""
DEFAULT_KUBERNETES_RELEASE: Final = "1.35"
POSTGRES_MAJORS: Final = (16, 17)
"""The parameters of databases are valid in these (PG-003 asks for 16 or newer)."""
