"""The course of a rehearsal, in a cluster in memory; tests/rehearsal/test_rehearsal.py has the real one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

import pytest

from rehearsal import rehearse as course
from rehearsal import state as states
from rehearsal.api import Answer
from rehearsal.nodes import ZONE, NodePool, parse_nodes
from rehearsal.report import Report
from rehearsal.volumes import Provisioner
from tests.rehearsal.clusters import MemoryApi, controller, pod

POOL: Final = dataclasses.replace(parse_nodes("2x4/16Gi", ["a", "b"]), name="general", most=4, managed=True)


class MemoryCluster:
    """Stands where the real cluster would; ``place`` gives pods to nodes after each change of the nodes."""

    def __init__(self, api: MemoryApi) -> None:
        self.api = api

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def check(self) -> None:
        pass


def in_memory(place: Callable[[MemoryApi], None], **objects: Any) -> MemoryApi:
    """A cluster whose nodes come and go."""

    def answer(method: str, path: str, body: Any) -> Answer | None:
        nodes = api.objects.setdefault("nodes", [])
        if method == "POST" and path.endswith("/nodes"):
            nodes.append(body)
        elif method == "DELETE" and "/nodes/" in path:
            api.objects["nodes"] = [each for each in nodes if not path.endswith(f"/{each['metadata']['name']}")]
        place(api)
        return None

    api = MemoryApi(answer, **objects)
    return api


def run(monkeypatch: pytest.MonkeyPatch, api: MemoryApi, *pools: NodePool) -> Report:
    monkeypatch.setattr(course, "SimulatedCluster", lambda _: MemoryCluster(api))
    monkeypatch.setattr(course, "Provisioner", lambda _: MemoryCluster(api))
    monkeypatch.setattr(states, "_QUIET", 0.0)
    monkeypatch.setattr(states, "_EVERY", 0.0)
    options: dict[str, Any] = {"stack": "dev", "release": "1.36", "storage_classes": [{"metadata": {"name": "longhorn"}}]}
    return course.rehearse([], pools, **options, programs={"etcd": Path("etcd")}, say=lambda _: None)


def one_pod_a_node(api: MemoryApi) -> None:
    names = [each["metadata"]["name"] for each in api.objects["nodes"]]
    wanted = api.objects["statefulsets"][0]["spec"]["replicas"]
    api.objects["pods"] = [
        pod(f"s-{index}", "s", node_name=names[index]) if index < len(names) else pod(f"s-{index}", "s", unscheduled="Insufficient cpu")
        for index in range(wanted)
    ]


def test_pools_grow_where_pods_lack_a_node_up_to_their_most(monkeypatch: pytest.MonkeyPatch) -> None:
    report = run(monkeypatch, in_memory(one_pod_a_node, statefulsets=[controller("s", 3)]), POOL)
    assert report.grown == {"general": 2}
    assert report.nodes == {"a": 2, "b": 2}
    assert report.unplaced == []
    # Two are left, and all that come in their place come to the other zone.
    assert report.loss is not None
    assert (report.loss.name, report.loss.grown) == ("a", {"general": 1})


def test_what_finds_no_node_in_the_largest_pool_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    report = run(monkeypatch, in_memory(one_pod_a_node, statefulsets=[controller("s", 9)]), POOL)
    assert [each.message for each in report.unplaced] == ["s-4 has no node: Insufficient cpu"]
    # What lacked pods before is not the loss's doing.
    assert report.loss is not None
    assert report.loss.pending == []
    assert not report.passes


def test_nodes_that_are_not_managed_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    report = run(monkeypatch, in_memory(one_pod_a_node, statefulsets=[controller("s", 3)]), parse_nodes("2x4/16Gi", ["a"]))
    assert (report.grown, report.nodes) == ({}, {"a": 2})
    assert [each.name for each in report.unplaced] == ["s"]


def test_without_nodes_there_is_nothing_to_take_away(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, in_memory(lambda _: None)).loss is None


def test_claims_and_budgets_are_told_with_what_is_known_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = {
        "metadata": {"name": "data-0", "namespace": "shop", "uid": "u"},
        "spec": {"storageClassName": "slow"},
        "status": {"phase": "Pending"},
    }
    event = {"involvedObject": {"uid": "u"}, "message": 'storageclass "slow" not found'}
    healthy = {"expectedPods": 2, "disruptionsAllowed": 0, "currentHealthy": 1, "desiredHealthy": 2}
    budget = {"metadata": {"name": "strict", "namespace": "shop"}, "status": healthy}
    objects = {"persistentvolumeclaims": [claim], "events": [event], "poddisruptionbudgets": [budget]}
    report = run(monkeypatch, in_memory(lambda _: None, **objects), POOL)
    assert [each.message for each in report.claims] == ['storage class slow: storageclass "slow" not found']
    assert [each.name for each in report.blocking] == ["strict"]
    assert report.loss is not None
    assert [each.name for each in report.loss.budgets] == ["strict"]


@pytest.mark.parametrize(("binding", "volumes"), [("WaitForFirstConsumer", 1), ("Immediate", 2)])
def test_a_claim_that_waits_for_its_pod_gets_no_volume_before(binding: str, volumes: int) -> None:
    def claim(name: str, **annotations: str) -> dict[str, Any]:
        spec = {"storageClassName": "fast", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
        metadata = {"name": name, "namespace": "shop", "uid": name, "annotations": annotations}
        return {"metadata": metadata, "spec": spec, "status": {"phase": "Pending"}}

    there = {"metadata": {"name": "n-0", "labels": {ZONE: "a", "kubernetes.io/hostname": "n-0"}}}
    api = MemoryApi(
        nodes=[there],
        storageclasses=[{"metadata": {"name": "fast"}, "provisioner": "test", "volumeBindingMode": binding}],
        persistentvolumeclaims=[claim("chosen", **{"volume.kubernetes.io/selected-node": "n-0"}), claim("waits")],
    )
    provisioner = Provisioner(api)
    provisioner._api = api
    provisioner._provision()
    assert [path for _, path in api.calls] == ["/api/v1/persistentvolumes"] * volumes
