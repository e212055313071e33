"""Gives each claim the volume that the storage of a cloud would: in the zone that the scheduler has chosen for its pod."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Final, Self

from rehearsal.api import Api
from rehearsal.errors import RehearsalError
from rehearsal.nodes import ZONE

_EVERY: Final = 0.5
_SELECTED: Final = "volume.kubernetes.io/selected-node"
_HOSTNAME: Final = "kubernetes.io/hostname"
_LOCAL: Final = "local"
"""In the name or provisioner of a class whose volumes are a node's own disk."""
_REPLICATED: Final = ("ZRS", "longhorn", "ceph", "rbd")
"""In the kind, name or provisioner of a class whose volumes every zone can attach."""


class Provisioner(AbstractContextManager["Provisioner"]):
    """Provisions volumes in the background for as long as the block lasts."""

    def __init__(self, api: Api) -> None:
        self._api = api.again()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        self._api.close()

    def _run(self) -> None:
        while not self._end.wait(_EVERY):
            try:
                self._provision()
            except RehearsalError:
                # Whoever waits for the volume finds out that the server is gone.
                return

    def _provision(self) -> None:
        claims = [each for each in self._api.items("v1", "persistentvolumeclaims") if each["status"].get("phase") == "Pending"]
        if not claims:
            return
        classes = {each["metadata"]["name"]: each for each in self._api.items("storage.k8s.io/v1", "storageclasses")}
        nodes = {each["metadata"]["name"]: each for each in self._api.items("v1", "nodes")}
        for claim in claims:
            storage_class = classes.get(claim["spec"].get("storageClassName", ""))
            node = nodes.get(claim["metadata"].get("annotations", {}).get(_SELECTED, ""))
            if storage_class is None:
                continue
            if node is None and storage_class.get("volumeBindingMode") != "WaitForFirstConsumer":
                # Without a pod's node, storage takes any zone.
                node = next(iter(nodes.values()), None)
            if node is not None:
                self._api.call("POST", "/api/v1/persistentvolumes", render_volume(claim, storage_class, node))


def render_volume(claim: Mapping[str, Any], storage_class: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    """The volume of a claim whose pod goes to ``node``: bound to where its class keeps the data."""
    metadata, spec = claim["metadata"], claim["spec"]
    terms = [{"matchExpressions": [{"key": key, "operator": "In", "values": [value]}]} for key, value in _places(storage_class, node)]
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": f"pvc-{metadata['uid']}"},
        "spec": {
            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
            "accessModes": spec["accessModes"],
            "storageClassName": storage_class["metadata"]["name"],
            "volumeMode": spec.get("volumeMode", "Filesystem"),
            "persistentVolumeReclaimPolicy": storage_class.get("reclaimPolicy", "Delete"),
            "hostPath": {"path": "/simulated"},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                **{key: metadata[key] for key in ("namespace", "name", "uid")},
            },
            **({"nodeAffinity": {"required": {"nodeSelectorTerms": terms}}} if terms else {}),
        },
    }


def _places(storage_class: Mapping[str, Any], node: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    said = " ".join([storage_class["metadata"]["name"], storage_class["provisioner"], *storage_class.get("parameters", {}).values()])
    labels = node["metadata"]["labels"]
    if any(word in said for word in _REPLICATED):
        return ()
    return [(_HOSTNAME, labels[_HOSTNAME])] if _LOCAL in said else [(ZONE, labels[ZONE])]
