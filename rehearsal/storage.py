"""Storage classes that a cluster has before the stack comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

_CLASS: Final = "StorageClass"
_NAMED: Final = ("storageClassName", "storageClass")


def simulated_classes(manifests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The classes that the objects of a stack name and none of them declares; none where the stack brings classes of its own.

    On a cluster that somebody else runs the classes are there already; elsewhere a class that nobody declares is a mistake.
    """
    if any(manifest["kind"] == _CLASS for manifest in manifests):
        return []
    names = sorted({name for manifest in manifests if manifest["kind"] != "CustomResourceDefinition" for name in _names(manifest)})
    return [
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": _CLASS,
            "metadata": {"name": name},
            "provisioner": "simulated",
            "volumeBindingMode": "WaitForFirstConsumer",
            "allowVolumeExpansion": True,
        }
        for name in names
    ]


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            if key in _NAMED and isinstance(below, str) and below:
                yield below
            else:
                yield from _names(below)
    elif isinstance(value, list):
        for below in value:
            yield from _names(below)
