"""The pods of backups and of restores."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

import pulumi_kubernetes as kubernetes

from components.messaging.nats.access import BACKUP, backup_client, controller
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.backup import BACKUP_RESOURCES, PREFIX, BackedUp, backed_up
from components.messaging.nats.backup_model import BackupSettings
from components.messaging.nats.certificates import RELEASE, client_secret
from components.messaging.nats.store_environment import AUTHORITY, store_environment
from components.messaging.nats.values import CLIENT_PORT
from components.pods import RESTRICTED_CONTAINER, restricted_pod
from components.storage.object_store import ObjectStore, S3Store

_UPLOADER: Final = "ghcr.io/rclone/rclone:1.75.2"
_CLIENT: Final = "natsio/nats-box:0.19.7"
_USER: Final = 1000
_WORK: Final = "/backup"
_CERTIFICATES: Final = "/certs"

# The directory of an attempt that was cut off is in the way of the next one.
_TAKE: Final = """\
set -eu
rm -rf /backup/stream
nats stream backup "$STREAM" /backup/stream --no-progress
"""
_BRING: Final = """\
set -eu
to="store:$STORE_PATH/$PLACE/$(date -u +%Y-%m-%dT%H-%M-%SZ)"
rclone copy /backup/stream "$to" --exclude backup.json
rclone copyto /backup/stream/backup.json "$to/backup.json"
rm -rf /backup/stream
"""
# Whoever restores works in it, by the runbook.
_WAIT: Final = "exec sleep 14400"
_TIDY: Final = """\
set -eu
rclone delete "store:$STORE_PATH" --min-age "$KEEP_FOR" --use-server-modtime
"""


def backup_pod(args: NatsArgs, settings: BackupSettings, store: ObjectStore) -> kubernetes.core.v1.PodSpecArgs:
    """Takes each stream and brings it into the store, then removes what is too old."""
    items = list(backed_up(args))
    steps = [step for each in items for step in (_take(each, args), _bring(each, store))]
    tidy = _uploader("tidy", _TIDY, store, {"KEEP_FOR": f"{settings.keep_for.days}d"})
    secrets = {_volume(each.tenant): client_secret(backup_client(each.tenant)) for each in items}
    return _pod(args, store, secrets, steps, [tidy])


def restore_pod(args: NatsArgs, store: ObjectStore) -> kubernetes.core.v1.PodSpecArgs:
    """Waits for people: ``store`` reaches the store, ``streams`` the servers, with the rights of their controller."""
    secrets = {_volume(each.tenant): client_secret(controller(each.tenant)) for each in backed_up(args)}
    mounts = [kubernetes.core.v1.VolumeMountArgs(name=name, mount_path=f"{_CERTIFICATES}/{name}", read_only=True) for name in secrets]
    streams = _container("streams", _client_image(args), _WAIT, _variables({"HOME": "/tmp", "NATS_URL": _url(args)}), mounts)  # noqa: S108 # mounted
    return _pod(args, store, secrets, [], [_uploader("store", _WAIT, store, {}), streams])


def _pod(
    args: NatsArgs,
    store: ObjectStore,
    secrets: Mapping[str, str],
    steps: Sequence[kubernetes.core.v1.ContainerArgs],
    containers: Sequence[kubernetes.core.v1.ContainerArgs],
) -> kubernetes.core.v1.PodSpecArgs:
    core = kubernetes.core.v1
    return core.PodSpecArgs(
        service_account_name=BACKUP,
        automount_service_account_token=False,
        restart_policy="Never",
        priority_class_name=args.priority_class,
        security_context=restricted_pod(_USER, writes_volumes=True),  # type: ignore[arg-type] # as the API has it
        init_containers=list(steps),
        containers=list(containers),
        volumes=[
            core.VolumeArgs(name="work", persistent_volume_claim=core.PersistentVolumeClaimVolumeSourceArgs(claim_name=BACKUP)),
            core.VolumeArgs(name="tmp", empty_dir=core.EmptyDirVolumeSourceArgs(size_limit="64Mi")),
            *(
                core.VolumeArgs(name=name, secret=core.SecretVolumeSourceArgs(secret_name=secret, default_mode=0o440))
                for name, secret in secrets.items()
            ),
            *_authority(store),
        ],
    )


def _take(item: BackedUp, args: NatsArgs) -> kubernetes.core.v1.ContainerArgs:
    directory = f"{_CERTIFICATES}/{_volume(item.tenant)}"
    environment = {
        "HOME": "/tmp",  # noqa: S108 # mounted
        "NATS_URL": _url(args),
        "NATS_CERT": f"{directory}/tls.crt",
        "NATS_KEY": f"{directory}/tls.key",
        "NATS_CA": f"{directory}/ca.crt",
        # It gives up where it hears nothing for as long, five seconds if nobody says more: a server
        # that reads a large stream from its volume is silent at times.
        "NATS_TIMEOUT": "60s",
        "STREAM": item.stream,
    }
    mount = kubernetes.core.v1.VolumeMountArgs(name=_volume(item.tenant), mount_path=directory, read_only=True)
    return _container(f"take-{_container_name(item)}", _client_image(args), _TAKE, _variables(environment), [mount])


def _client_image(args: NatsArgs) -> str:
    return f"{args.image_registry or 'docker.io'}/{_CLIENT}"


def _url(args: NatsArgs) -> str:
    return f"tls://{RELEASE}.{args.namespace}.svc:{CLIENT_PORT}"


def _bring(item: BackedUp, store: ObjectStore) -> kubernetes.core.v1.ContainerArgs:
    return _uploader(f"bring-{_container_name(item)}", _BRING, store, {"PLACE": item.place})


def _uploader(name: str, script: str, store: ObjectStore, environment: Mapping[str, str]) -> kubernetes.core.v1.ContainerArgs:
    mounts = [kubernetes.core.v1.VolumeMountArgs(name="authority", mount_path=AUTHORITY, read_only=True)] if _authority(store) else []
    return _container(name, _UPLOADER, script, [*store_environment(store, PREFIX), *_variables(environment)], mounts)


def _container(
    name: str,
    image: str,
    script: str,
    environment: Sequence[kubernetes.core.v1.EnvVarArgs],
    mounts: Sequence[kubernetes.core.v1.VolumeMountArgs],
) -> kubernetes.core.v1.ContainerArgs:
    core = kubernetes.core.v1
    return core.ContainerArgs(
        name=name,
        image=image,
        command=["/bin/sh", "-c", script],
        env=list(environment),
        resources=core.ResourceRequirementsArgs(**BACKUP_RESOURCES.render()),
        security_context=dict(RESTRICTED_CONTAINER),  # type: ignore[arg-type] # as the API has it
        volume_mounts=[
            core.VolumeMountArgs(name="work", mount_path=_WORK),
            core.VolumeMountArgs(name="tmp", mount_path="/tmp"),  # noqa: S108 # likewise
            *mounts,
        ],
    )


def _variables(environment: Mapping[str, str]) -> list[kubernetes.core.v1.EnvVarArgs]:
    return [kubernetes.core.v1.EnvVarArgs(name=name, value=value) for name, value in environment.items()]


def _container_name(item: BackedUp) -> str:
    """A label of at most 57 characters, one for each stream of each tenant."""
    digest = hashlib.sha256(item.place.encode()).hexdigest()[:8]
    return f"{re.sub('[^a-z0-9-]', '-', item.stream.lower())[:40]}-{digest}"


def _volume(tenant: str | None) -> str:
    return "platform" if tenant is None else f"tenant-{tenant}"


def _authority(store: ObjectStore) -> list[kubernetes.core.v1.VolumeArgs]:
    if not isinstance(store, S3Store) or store.authority_secret is None:
        return []
    core = kubernetes.core.v1
    items = [core.KeyToPathArgs(key="ca.crt", path="ca.crt")]
    return [core.VolumeArgs(name="authority", secret=core.SecretVolumeSourceArgs(secret_name=store.authority_secret, items=items))]
