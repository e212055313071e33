"""Container image references: their parts, whose image it is, and whether it can change under the same name (POD-009)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_COMMIT: Final = re.compile(r"[0-9a-f]{7,40}")
_EXACT_VERSION: Final = re.compile(r"v?\d+\.\d+\.\d+(?:\.\d+)*(?:[-+._]?[0-9A-Za-z][0-9A-Za-z.+_-]*)?")
_MOVING: Final = re.compile(r"(?i)latest|nightly|edge|snapshot")
_OWN_REGISTRY: Final = re.compile(
    r"\d{12}\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com|amazonaws\.com\.cn|on\.aws|on\.amazonwebservices\.com\.cn)"
    r"|[a-z0-9-]+\.azurecr\.(?:io|cn|us)"
)
# Amazon's own accounts for EKS add-ons, and the prefixes under which a private registry caches other registries.
_VENDOR_ACCOUNT: Final = "602401143452."
_CACHE_PREFIXES: Final = (
    "docker-hub/",
    "docker.io/",
    "ecr-public/",
    "public.ecr.aws/",
    "ghcr.io/",
    "quay/",
    "quay.io/",
    "registry.k8s.io/",
)


@dataclass(frozen=True, kw_only=True)
class Image:
    """An image reference ``[registry/]repository[:tag][@digest]``; what is not written is empty."""

    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def is_first_party(self) -> bool:
        """Whether the image lies in a registry of our own accounts, other than in its cache of somebody else's registry."""
        return (
            _OWN_REGISTRY.fullmatch(self.registry) is not None
            and not self.registry.startswith(_VENDOR_ACCOUNT)
            and not self.repository.startswith(_CACHE_PREFIXES)
        )


def parse_image(reference: str) -> Image:
    """Take an image reference apart; a registry is a first segment with a dot or a port, or ``localhost``, as Docker decides it."""
    name, _, digest = reference.strip().partition("@")
    head, slash, rest = name.partition("/")
    registry, path = (head, rest) if slash and ("." in head or ":" in head or head == "localhost") else ("", name)
    repository, _, tag = path.partition(":")
    return Image(registry=registry, repository=repository, tag=tag, digest=digest)


def mutability(image: Image) -> str | None:
    """Why the reference may mean another image tomorrow; None where it cannot."""
    if image.digest:
        return None if _DIGEST.fullmatch(image.digest) else "its digest is not sha256 with 64 hexadecimal digits"
    if not image.tag:
        return "it has no tag, which means latest"
    if _COMMIT.fullmatch(image.tag):
        return None
    if image.is_first_party:
        return "an own image needs a digest or the commit as its tag"
    if _EXACT_VERSION.fullmatch(image.tag) and not _MOVING.search(image.tag):
        return None
    return "its tag is not one exact version"
