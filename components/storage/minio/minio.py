"""MinIO with the one bucket that the platform's own backups are in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.charts import MINIO, Roll, install_chart
from components.kubernetes import declare, labels
from components.pods import RESTRICTED_CONTAINER, parse_resources, restricted_pod
from components.security.certificate import CertificateSpec, certificate, service_names
from components.storage.minio.arguments import MinioArgs
from components.storage.minio.values import ENDING, PORT, RELEASE, RESOURCES, SERVER_SECRET, STARTING, USER, client_image, render_values
from components.storage.object_store import S3Store, StoreCredentials
from components.tenancy.footprint import Footprint, pod, stateful_set
from components.tenancy.traffic import TrafficRule, dns, within_namespace

_JOB: Final = "minio-bucket"
_JOB_RESOURCES: Final = parse_resources("20m", "64Mi", memory_limit="128Mi")
_ACCESS_KEY: Final = "rootUser"
_SECRET_KEY: Final = "rootPassword"  # noqa: S105 # the key within a secret
_CONFIG: Final = "/etc/minio/mc"
# Importing a rule replaces the one before; adding it would add another one each time.
_SCRIPT: Final = """\
set -eu
mc mb --ignore-existing --with-lock "store/$BUCKET"
mc retention set --default GOVERNANCE "${DAYS}d" "store/$BUCKET"
printf '%s' "$LIFECYCLE" | mc ilm rule import "store/$BUCKET"
"""


class Minio(Component):
    """MinIO, its certificate and its bucket.

    ``opts`` bring the provider, and put the component behind namespace, storage class, priority class
    and issuer.

    Attributes:
        bucket: the bucket, for whoever is in the same namespace.
        ready: what writes into the bucket goes behind this.
    """

    bucket: S3Store
    ready: kubernetes.batch.v1.Job

    def __init__(self, name: str, args: MinioArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        issued = declare(
            self.child_name("certificate"),
            certificate(
                CertificateSpec(
                    secret=SERVER_SECRET,
                    namespace=args.namespace,
                    application=RELEASE,
                    issuer=args.issuer,
                    usages=["server auth"],
                    dns_names=service_names(RELEASE, args.namespace),
                )
            ),
            self.child_options(),
        )
        release = install_chart(
            self.child_name("release"),
            MINIO,
            release_name=RELEASE,
            namespace=args.namespace,
            values=render_values(args),
            mirror=args.chart_mirror,
            roll=Roll(pods=1, ending=ENDING, starting=STARTING),
            opts=self.child_options(depends_on=[issued], protect=args.retain),
        )
        self.ready = self._create_bucket(args, release)
        self.bucket = bucket(args)
        self.register_outputs({"endpoint": self.bucket.endpoint})

    def _create_bucket(self, args: MinioArgs, release: pulumi.Resource) -> kubernetes.batch.v1.Job:
        core, selected = kubernetes.core.v1, labels(_JOB, component="bucket")
        container = core.ContainerArgs(
            name="mc",
            image=client_image(args),
            command=["/bin/sh", "-c", _SCRIPT],
            env=_environment(args),
            resources=core.ResourceRequirementsArgs(**_JOB_RESOURCES.render()),
            security_context=dict(RESTRICTED_CONTAINER),  # type: ignore[arg-type] # as the API has it
            volume_mounts=[
                core.VolumeMountArgs(name="config", mount_path=_CONFIG),
                core.VolumeMountArgs(name="authority", mount_path=f"{_CONFIG}/certs", read_only=True),
            ],
        )
        authority = core.SecretVolumeSourceArgs(secret_name=SERVER_SECRET, items=[core.KeyToPathArgs(key="ca.crt", path="CAs/ca.crt")])
        spec = core.PodSpecArgs(
            automount_service_account_token=False,
            containers=[container],
            priority_class_name=args.priority_class,
            restart_policy="OnFailure",
            security_context=restricted_pod(USER),  # type: ignore[arg-type] # likewise
            volumes=[
                core.VolumeArgs(name="config", empty_dir=core.EmptyDirVolumeSourceArgs(size_limit="64Mi")),
                core.VolumeArgs(name="authority", secret=authority),
            ],
        )
        metadata = kubernetes.meta.v1.ObjectMetaArgs
        return kubernetes.batch.v1.Job(
            self.child_name("bucket"),
            metadata=metadata(name=_JOB, namespace=args.namespace, labels=selected),
            spec=kubernetes.batch.v1.JobSpecArgs(
                # The server answers a while after it is there.
                backoff_limit=10,
                template=core.PodTemplateSpecArgs(metadata=metadata(labels=selected), spec=spec),
            ),
            # Whatever of a Job changes, it is another one, and the name is taken until the old one is gone.
            opts=self.child_options(depends_on=[release], delete_before_replace=True),
        )


def bucket(args: MinioArgs) -> S3Store:
    """The bucket of this MinIO, known before it exists."""
    return S3Store(
        bucket=args.bucket,
        endpoint=f"https://{RELEASE}.{args.namespace}.svc:{PORT}",
        region=None,
        credentials=StoreCredentials(secret=RELEASE, access_key=_ACCESS_KEY, secret_key=_SECRET_KEY),
        authority_secret=SERVER_SECRET,
        traffic=(within_namespace(),),
    )


def footprint(args: MinioArgs) -> Footprint:
    """The server with its volume, and the job that makes the bucket: an attempt, and the one before."""
    return stateful_set(pod(RESOURCES), int(args.settings.storage)) + pod(_JOB_RESOURCES) * 2


def traffic() -> Sequence[TrafficRule]:
    """Whatever is in its namespace may call it; it calls nobody else."""
    return (dns(), within_namespace())


def _environment(args: MinioArgs) -> list[kubernetes.core.v1.EnvVarArgs]:
    core = kubernetes.core.v1
    credentials = {"ACCESS_KEY": _ACCESS_KEY, "SECRET_KEY": _SECRET_KEY}
    plain = {
        # Both are letters and digits alone: the chart makes them so.
        "MC_HOST_store": f"https://$(ACCESS_KEY):$(SECRET_KEY)@{RELEASE}.{args.namespace}.svc:{PORT}",
        "MC_CONFIG_DIR": _CONFIG,
        "BUCKET": args.bucket,
        "DAYS": str(args.undeletable.days),
        "LIFECYCLE": json.dumps(_lifecycle(args.undeletable.days)),
    }
    return [
        *(
            core.EnvVarArgs(name=name, value_from=core.EnvVarSourceArgs(secret_key_ref=core.SecretKeySelectorArgs(name=RELEASE, key=key)))
            for name, key in credentials.items()
        ),
        *(core.EnvVarArgs(name=name, value=value) for name, value in plain.items()),
    ]


def _lifecycle(days: int) -> dict[str, object]:
    """Versions that were overwritten or deleted go once nothing holds them any more."""
    rule = {
        "ID": "outdated",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "NoncurrentVersionExpiration": {"NoncurrentDays": days},
    }
    return {"Rules": [rule]}
