"""How volumes are snapshotted, whichever driver does it."""

from __future__ import annotations

from typing import Any

import pulumi


class VolumeSnapshotClass(pulumi.CustomResource):
    """A VolumeSnapshotClass.

    Its content stands beside ``metadata``: the SDK's own custom resource could carry only a ``spec``.
    """

    def __init__(self, resource_name: str, content: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        api_version, kind = "snapshot.storage.k8s.io/v1", "VolumeSnapshotClass"
        super().__init__(f"kubernetes:{api_version}:{kind}", resource_name, {"apiVersion": api_version, "kind": kind, **content}, opts)
