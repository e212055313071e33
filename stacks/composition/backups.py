"""What backs up the cluster from its settings, and what tries whether that can be restored."""

from __future__ import annotations

from collections.abc import Sequence

from components.backup.arguments import VeleroArgs
from components.backup.drill.arguments import RestoreDrillArgs
from components.backup.model import BackupSettings
from components.foundation import Foundation
from components.storage.object_store_model import BACKUPS
from components.tenancy.priorities import PLATFORM
from facts.namespaces import BACKUP, RESTORE_DRILL, RESTORE_SCRATCH
from stacks.composition.services import monitoring_of
from stacks.settings.tree import Settings


def velero_args(settings: Settings, backups: BackupSettings, foundation: Foundation, *, volume_namespaces: Sequence[str]) -> VeleroArgs:
    """Velero, which backs up what is in ``volume_namespaces`` more often than the rest."""
    return VeleroArgs(
        settings=backups,
        namespace=BACKUP,
        store=foundation.stores[BACKUPS],
        prefix=foundation.cluster_name,
        volume_namespaces=volume_namespaces,
        most_nodes=foundation.most_nodes,
        addresses=foundation.addresses,
        priority_class=PLATFORM,
        retain=settings.retain,
        monitoring=monitoring_of(settings),
        chart_mirror=settings.charts.mirror,
        image_registry=settings.charts.image_registry,
    )


def restore_drill_args(settings: Settings, backups: BackupSettings, foundation: Foundation) -> RestoreDrillArgs:
    """The drill that restores what Velero has backed up."""
    return RestoreDrillArgs(
        settings=backups,
        namespace=RESTORE_DRILL,
        scratch=RESTORE_SCRATCH,
        velero=BACKUP,
        storage_class=foundation.volumes.storage_class,
        addresses=foundation.addresses,
        priority_class=PLATFORM,
        monitoring=monitoring_of(settings),
        image_registry=settings.charts.image_registry,
    )
