"""The objects of CloudNativePG and of its Barman plugin, from which operators make pods, volumes and Services."""

from __future__ import annotations

from typing import Final

_GROUP: Final = "kubernetes:postgresql.cnpg.io/v1"

CLUSTER: Final = f"{_GROUP}:Cluster"
POOLER: Final = f"{_GROUP}:Pooler"
SCHEDULED_BACKUP: Final = f"{_GROUP}:ScheduledBackup"
IMAGE_CATALOGS: Final = (f"{_GROUP}:ImageCatalog", f"{_GROUP}:ClusterImageCatalog")
OBJECT_STORE: Final = "kubernetes:barmancloud.cnpg.io/v1:ObjectStore"
