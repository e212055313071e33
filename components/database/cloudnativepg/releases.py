"""The images of PostgreSQL and of its pooler that the operator's version goes with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_REGISTRY: Final = "ghcr.io"

# The catalogue of images without Barman, which is a sidecar now (github.com/cloudnative-pg/artifacts,
# catalog-standard-trixie.yaml of August 17, 2026). Within a major a new image is a rolling update.
POSTGRES: Final[Mapping[str, str]] = {
    "16": "16.15-202608170814-standard-trixie@sha256:3df9103d7f89c8abc2870463d4d446944c81b5f1f4b707c590895dc003ecbb65",
    "17": "17.11-202608170816-standard-trixie@sha256:91e0de662d53895a45f1396f4ee1a75daeb0c26fc87853afc9c8f43e01fdaa21",
    "18": "18.6-202608170814-standard-trixie@sha256:771f9eab5225587af259d84680cc69a5b6e374ac32bb24effafde1f3368a1241",
}
"""By major version (PG-003), its exact version and build."""
DEFAULT_MAJOR: Final = "17"
# What the operator was built against (pkg/versions/versions.go of v1.30.0).
_PGBOUNCER: Final = "1.25.1"


def postgres_image(major: str, registry: str | None) -> str:
    """The image of a major version, from ``registry`` in place of GitHub's."""
    return f"{registry or _REGISTRY}/cloudnative-pg/postgresql:{POSTGRES[major]}"


def pgbouncer_image(registry: str | None) -> str:
    """The image of the pooler, likewise."""
    return f"{registry or _REGISTRY}/cloudnative-pg/pgbouncer:{_PGBOUNCER}"
