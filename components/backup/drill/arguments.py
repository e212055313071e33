"""What the restore drill needs besides the settings of backups."""

from __future__ import annotations

from dataclasses import dataclass

from components.backup.model import BackupSettings
from components.foundation import Addresses
from components.observability.monitoring import Monitoring


@dataclass(frozen=True, kw_only=True)
class RestoreDrillArgs:
    """The drill of one cluster.

    Attributes:
        settings: when it runs, and what it has to achieve.
        namespace: of the canary and the job; it has to exist, with the quota and the traffic that the
            functions beside ask for.
        scratch: whither the canary is restored; likewise.
        velero: the namespace of Velero.
        storage_class: of the canary's volume.
        addresses: where the Kubernetes API answers.
        priority_class: of its pods.
        monitoring: None where the stack has none.
        image_registry: registry that holds the image in place of public.ecr.aws.
    """

    settings: BackupSettings
    namespace: str
    scratch: str
    velero: str
    storage_class: str
    addresses: Addresses
    priority_class: str
    monitoring: Monitoring | None = None
    image_registry: str | None = None
