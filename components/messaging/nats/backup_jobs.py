"""The jobs that back NATS up, and the one that people restore with."""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes import labels
from components.messaging.nats.access import BACKUP
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.backup_model import BackupSettings
from components.messaging.nats.backup_pods import backup_pod, restore_pod
from components.ordering import behind
from components.storage.object_store import ObjectStore
from facts.quantity import format_quantity

_LABELS: Final = labels(BACKUP, component="backup")
_SHOWN: Final = 7 * 86400
"""Seconds for which a finished job can be looked at."""
_RESTORES: Final = 4 * 3600
_NEVER: Final = "0 0 31 2 *"


def declare_backup(name: str, args: NatsArgs, settings: BackupSettings, store: ObjectStore, opts: pulumi.ResourceOptions) -> None:
    """Register the service account, the volume and two CronJobs: that of backups, and one that only people start, to restore.

    ``opts`` go behind the streams' controller.
    """
    core, sign_in = kubernetes.core.v1, args.sign_in
    account = core.ServiceAccount(
        f"{name}-account",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=BACKUP, namespace=args.namespace, labels=_LABELS, annotations=dict(sign_in.annotations)
        ),
        automount_service_account_token=False,
        opts=opts,
    )
    volume = core.PersistentVolumeClaim(
        f"{name}-volume",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=BACKUP,
            namespace=args.namespace,
            # What it holds for a while is on its way into the store.
            labels={**_LABELS, "velero.io/exclude-from-backup": "true"},
            # It is bound once the first backup runs.
            annotations={"pulumi.com/skipAwait": "true"},
        ),
        spec=core.PersistentVolumeClaimSpecArgs(
            access_modes=["ReadWriteOnce"],
            storage_class_name=args.storage_class,
            # As large as a server's: it holds any stream, and never has to shrink with one.
            resources=core.VolumeResourceRequirementsArgs(requests={"storage": format_quantity(args.settings.storage)}),
        ),
        opts=opts,
    )
    gated = behind(opts, account, volume, sign_in.ready, store.ready)
    hour, minute = settings.at.split(":")
    takes = int(settings.takes.total_seconds())
    _cron_job(name, BACKUP, args, f"{int(minute)} {int(hour)} * * *", _job(args, backup_pod(args, settings, store), takes), opts=gated)
    restore = _job(args, restore_pod(args, store), _RESTORES)
    _cron_job(f"{name}-restore", "nats-restore", args, _NEVER, restore, suspend=True, opts=gated)


def _job(args: NatsArgs, spec: kubernetes.core.v1.PodSpecArgs, deadline: int) -> kubernetes.batch.v1.JobSpecArgs:
    metadata = kubernetes.meta.v1.ObjectMetaArgs(labels={**_LABELS, **args.sign_in.labels})
    return kubernetes.batch.v1.JobSpecArgs(
        backoff_limit=1,
        active_deadline_seconds=deadline,
        ttl_seconds_after_finished=_SHOWN,
        template=kubernetes.core.v1.PodTemplateSpecArgs(metadata=metadata, spec=spec),
    )


def _cron_job(
    name: str,
    called: str,
    args: NatsArgs,
    schedule: str,
    job: kubernetes.batch.v1.JobSpecArgs,
    *,
    suspend: bool = False,
    opts: pulumi.ResourceOptions,
) -> None:
    kubernetes.batch.v1.CronJob(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=called, namespace=args.namespace, labels=_LABELS),
        spec=kubernetes.batch.v1.CronJobSpecArgs(
            schedule=schedule,
            time_zone="Etc/UTC",
            suspend=suspend,
            # Two could not have the volume.
            concurrency_policy="Forbid",
            # Later than that it is tomorrow's.
            starting_deadline_seconds=6 * 3600,
            successful_jobs_history_limit=1,
            failed_jobs_history_limit=3,
            job_template=kubernetes.batch.v1.JobTemplateSpecArgs(spec=job),
        ),
        opts=opts,
    )
