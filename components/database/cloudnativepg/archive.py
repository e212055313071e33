"""Where the database's changes and its daily copies go."""

from __future__ import annotations

from typing import Final

from components.database.cloudnativepg.arguments import CloudNativePgError, CloudNativePostgresArgs
from components.database.cloudnativepg.model import CLUSTER
from components.kubernetes import CustomResource, labels
from components.pods import parse_resources

ARCHIVER: Final = "barman-cloud.cloudnative-pg.io"
OBJECT_STORE: Final = f"{CLUSTER}-archive"
_LONGEST_NAMED: Final = 57
"""The schedule's name is a label of each backup, of 63 characters at most."""
SIDECAR: Final = parse_resources("50m", "128Mi", memory_limit="512Mi")
"""Of the container beside each instance that archives."""


def archive(args: CloudNativePostgresArgs) -> CustomResource:
    """The bucket as the archiver knows it.

    Raises:
        CloudNativePgError: there is nothing to sign in to it with.
    """
    bucket, credentials = args.bucket, args.bucket.credentials
    if credentials is None:
        raise CloudNativePgError(f"bucket {bucket.bucket} has no credentials: the archiver signs in with a Secret")
    authority = {"endpointCA": {"name": bucket.authority_secret, "key": "ca.crt"}} if bucket.authority_secret else {}
    signed = {"env": [{"name": "AWS_DEFAULT_REGION", "value": bucket.region}]} if bucket.region else {}
    return CustomResource(
        api_version="barmancloud.cnpg.io/v1",
        kind="ObjectStore",
        name=OBJECT_STORE,
        namespace=args.namespace,
        labels=labels(CLUSTER, component="backup"),
        spec={
            "configuration": {
                "destinationPath": f"s3://{bucket.bucket}/",
                "endpointURL": bucket.endpoint,
                **authority,
                "s3Credentials": {
                    "accessKeyId": {"name": credentials.secret, "key": credentials.access_key},
                    "secretAccessKey": {"name": credentials.secret, "key": credentials.secret_key},
                },
                "wal": {"compression": "gzip", "maxParallel": 2},
                "data": {"compression": "gzip"},
            },
            "retentionPolicy": f"{args.settings.backup_retention.days}d",
            "instanceSidecarConfiguration": {"resources": SIDECAR.render(), **signed},
        },
    )


def daily_backup(args: CloudNativePostgresArgs) -> CustomResource:
    """The schedule of base backups into the archive of now, the first of them at once."""
    hour, minute = args.settings.backup_window.partition("-")[0].split(":")
    return CustomResource(
        api_version="postgresql.cnpg.io/v1",
        kind="ScheduledBackup",
        # An archive that is begun anew holds nothing to restore before its first copy, and one name gets a first copy once.
        name=f"{args.settings.archive[:_LONGEST_NAMED]}-daily",
        namespace=args.namespace,
        labels=labels(CLUSTER, component="backup"),
        spec={
            # Six fields: seconds come first.
            "schedule": f"0 {int(minute)} {int(hour)} * * *",
            "immediate": True,
            "cluster": {"name": CLUSTER},
            "method": "plugin",
            "pluginConfiguration": {"name": ARCHIVER},
            # An only instance copies itself.
            "target": "prefer-standby",
        },
    )
