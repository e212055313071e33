"""What MinIO needs besides its settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from components.storage.minio.model import MinioSettings


@dataclass(frozen=True, kw_only=True)
class MinioArgs:
    """One MinIO with one bucket.

    Attributes:
        settings: how large it is.
        namespace: where it lives, which is that of its users: its credentials are a Secret there.
        bucket: the name of its bucket.
        undeletable: how long an object stays after it was overwritten or deleted; whole days.
        storage_class: an expandable class.
        issuer: the cert-manager ClusterIssuer of its certificate.
        priority_class: of its pods.
        retain: protect the release, and keep the volume when it goes.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images in place of Docker Hub.
    """

    settings: MinioSettings
    namespace: str
    bucket: str
    undeletable: timedelta
    storage_class: str
    issuer: str
    priority_class: str
    retain: bool
    chart_mirror: str | None = None
    image_registry: str | None = None
