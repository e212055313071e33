"""What Velero needs besides its settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from components.backup.model import BackupSettings
from components.foundation import Addresses
from components.observability.monitoring import Monitoring
from components.storage.object_store import ObjectStore, StoreSignIn


@dataclass(frozen=True, kw_only=True)
class VeleroArgs:
    """Velero of one cluster.

    Attributes:
        settings: how often, and how long.
        namespace: where it lives; it has to exist, with the quota and the traffic that the functions
            beside ask for.
        store: where backups go.
        prefix: below which this cluster's are; a store may hold those of several.
        sign_in: by what its pods sign in to the store; asked for once, and not for quota and traffic.
        volume_namespaces: whose volumes are backed up in between, because nothing else brings them back.
        most_nodes: how many nodes there may be: an agent runs on each.
        addresses: where the Kubernetes API answers.
        priority_class: of its pods.
        retain: protect the release and the schedules.
        monitoring: None where the stack has none.
        chart_mirror: OCI registry that holds the charts.
        image_registry: registry that holds the images in place of Docker Hub.
    """

    settings: BackupSettings
    namespace: str
    store: ObjectStore
    prefix: str
    sign_in: StoreSignIn = field(default_factory=StoreSignIn)
    volume_namespaces: Sequence[str]
    most_nodes: int
    addresses: Addresses
    priority_class: str
    retain: bool
    monitoring: Monitoring | None = None
    chart_mirror: str | None = None
    image_registry: str | None = None
