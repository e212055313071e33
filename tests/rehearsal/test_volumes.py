from __future__ import annotations

from typing import Any

import pytest

from rehearsal.nodes import ZONE
from rehearsal.storage import simulated_classes
from rehearsal.volumes import render_volume

CLAIM = {
    "metadata": {"name": "data-0", "namespace": "messaging", "uid": "u-1"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "5Gi"}}},
}
NODE = {"metadata": {"labels": {ZONE: "eu-west-1a", "kubernetes.io/hostname": "node-0"}}}


def affinity(name: str, provisioner: str, **parameters: str) -> list[tuple[str, list[str]]]:
    storage_class = {"metadata": {"name": name}, "provisioner": provisioner, "parameters": parameters}
    spec: dict[str, Any] = render_volume(CLAIM, storage_class, NODE)["spec"]
    terms = spec.get("nodeAffinity", {}).get("required", {}).get("nodeSelectorTerms", [])
    return [(each["key"], each["values"]) for term in terms for each in term["matchExpressions"]]


@pytest.mark.parametrize(
    ("storage_class", "bound"),
    [
        (("gp3-retain", "ebs.csi.aws.com", {}), [(ZONE, ["eu-west-1a"])]),
        (("managed", "disk.csi.azure.com", {"skuName": "PremiumV2_LRS"}), [(ZONE, ["eu-west-1a"])]),
        (("managed", "disk.csi.azure.com", {"skuName": "Premium_ZRS"}), []),
        (("longhorn", "driver.longhorn.io", {}), []),
        (("local-path", "simulated", {}), [("kubernetes.io/hostname", ["node-0"])]),
    ],
)
def test_a_volume_is_where_its_class_keeps_the_data(storage_class: tuple[str, str, dict[str, str]], bound: list[Any]) -> None:
    name, provisioner, parameters = storage_class
    assert affinity(name, provisioner, **parameters) == bound


def test_a_volume_is_of_its_claim_alone() -> None:
    volume = render_volume(CLAIM, {"metadata": {"name": "x"}, "provisioner": "y", "reclaimPolicy": "Retain"}, NODE)
    assert volume["spec"]["claimRef"]["uid"] == "u-1"
    assert volume["spec"]["capacity"] == {"storage": "5Gi"}
    assert volume["spec"]["persistentVolumeReclaimPolicy"] == "Retain"


def test_classes_of_a_cluster_that_exists_are_there_before_the_stack() -> None:
    claim = {"spec": {"storageClassName": "longhorn"}}
    workload = {"kind": "StatefulSet", "spec": {"volumeClaimTemplates": [claim]}}
    database = {"kind": "Cluster", "spec": {"storage": {"storageClass": "local-path"}}}
    assert [each["metadata"]["name"] for each in simulated_classes([workload, database])] == ["local-path", "longhorn"]
    # Where a stack declares classes, one that it does not declare is a mistake.
    assert simulated_classes([workload, {"kind": "StorageClass", "metadata": {"name": "gp3"}}]) == []
