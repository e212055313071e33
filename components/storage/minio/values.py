"""The values of the MinIO chart.

MinIO's own images ended in September 2025 and lack the fixes since; those of the community's fork
are built from the same source with the fixes, under the same paths and names.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from components.pods import RESTRICTED_CONTAINER, parse_resources, restricted_pod
from components.storage.minio.arguments import MinioArgs
from facts.quantity import format_quantity

RELEASE: Final = "minio"
"""The Helm release, and with it the Service, the Deployment and the Secret with the credentials."""
PORT: Final = 9000
SERVER_SECRET: Final = "minio-tls"  # noqa: S105 # the name of a secret
RESOURCES: Final = parse_resources("100m", "512Mi", memory_limit="1Gi")
USER: Final = 1000
ENDING: Final = timedelta(seconds=30)
STARTING: Final = timedelta(minutes=2)
_REGISTRY: Final = "docker.io"
_SERVER: Final = (
    "pgsty/minio",
    "RELEASE.2026-08-04T00-00-00Z@sha256:b6bfe7239bfc83fb90d31612d9704d86039dd714f7904b3f1ad68f211e602372",
)
_CLIENT: Final = (
    "pgsty/mc",
    "RELEASE.2026-09-16T00-00-00Z@sha256:cfc83108c3abb371f8fb84d99c1fdc88f8c237e022409b0081fb7c0a3be634dd",
)


def client_image(args: MinioArgs) -> str:
    """The image of ``mc``, which makes the bucket."""
    repository, tag = _CLIENT
    return f"{args.image_registry or _REGISTRY}/{repository}:{tag}"


def render_values(args: MinioArgs) -> dict[str, Any]:
    """Values of the chart: without a password of ours it makes one, and keeps it."""
    repository, tag = _SERVER
    kept = {"annotations": {"helm.sh/resource-policy": "keep"}} if args.retain else {}
    return {
        "mode": "standalone",
        "fullnameOverride": RELEASE,
        "image": {"repository": f"{args.image_registry or _REGISTRY}/{repository}", "tag": tag},
        # The chart's example of a user has a password that everybody knows.
        "users": [],
        "tls": {"enabled": True, "certSecret": SERVER_SECRET, "publicCrt": "tls.crt", "privateKey": "tls.key"},
        "persistence": {"storageClass": args.storage_class, "size": format_quantity(args.settings.storage), **kept},
        # Two servers cannot hold one volume: the old one goes first.
        "deploymentUpdate": {"type": "Recreate"},
        "resources": RESOURCES.render(),
        "priorityClassName": args.priority_class,
        "securityContext": {"enabled": True, **restricted_pod(USER, writes_volumes=True)},
        "containerSecurityContext": dict(RESTRICTED_CONTAINER),
        "serviceAccount": {"create": True, "name": RELEASE},
        "environment": {"MINIO_BROWSER": "off", "MINIO_UPDATE": "off", "HOME": "/tmp"},  # noqa: S108 # a volume of its own
        "extraVolumes": [{"name": "tmp", "emptyDir": {"sizeLimit": "1Gi"}}],
        "extraVolumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 # likewise
    }
