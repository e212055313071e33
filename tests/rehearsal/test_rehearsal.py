"""A rehearsal with the real API server, controllers and scheduler, where they are found."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from rehearsal.api import Api
from rehearsal.cluster import SimulatedCluster
from rehearsal.errors import PreparationError, RehearsalError
from rehearsal.nodes import ZONE, parse_nodes
from rehearsal.objects import DeclaredObject
from rehearsal.programs import find_programs
from rehearsal.rehearse import rehearse
from rehearsal.report import Report, render_document
from tests.tools import ROOT

pytestmark = pytest.mark.server

RESTRICTED: Final = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture(scope="module")
def programs() -> Mapping[str, Path]:
    """Built in no test run: a Kubernetes API server takes a quarter of an hour."""
    try:
        return find_programs([ROOT / ".tools" / "bin"])
    except PreparationError as error:
        pytest.skip(f"not run: {str(error).splitlines()[0]}")


def declared(api_version: str, kind: str, name: str, *, namespace: str | None = "shop", **content: Any) -> DeclaredObject:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **content.pop("metadata", {})}
    return DeclaredObject(manifest={"apiVersion": api_version, "kind": kind, "metadata": metadata, **content}, origin="test", strict=True)


def workload(kind: str, name: str, *, cpu: str = "100m", context: Mapping[str, Any] = RESTRICTED, **spec: Any) -> DeclaredObject:
    labels = {"app": name}
    pod = {"containers": [{"name": "main", "image": "main", "securityContext": context, "resources": {"requests": {"cpu": cpu}}}]}
    template = {"metadata": {"labels": labels}, "spec": {**pod, **spec.pop("pod", {})}}
    service = {"serviceName": name, "podManagementPolicy": "Parallel"} if kind == "StatefulSet" else {}
    return declared("apps/v1", kind, name, spec={"selector": {"matchLabels": labels}, "template": template, **service, **spec})


def claim(storage_class: str) -> list[dict[str, Any]]:
    spec = {"accessModes": ["ReadWriteOnce"], "storageClassName": storage_class, "resources": {"requests": {"storage": "1Gi"}}}
    return [{"metadata": {"name": "data"}, "spec": spec}]


def spread(name: str) -> dict[str, Any]:
    constraint = {"maxSkew": 1, "topologyKey": ZONE, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {"matchLabels": {"app": name}}}
    return {"topologySpreadConstraints": [constraint]}


OBJECTS: Final = [
    declared("v1", "Namespace", "shop", namespace=None, metadata={"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}),
    declared("v1", "ResourceQuota", "quota", spec={"hard": {"count/services": "1"}}),
    declared("storage.k8s.io/v1", "StorageClass", "fast", namespace=None, provisioner="test", volumeBindingMode="WaitForFirstConsumer"),
    declared("v1", "Service", "first", spec={"ports": [{"port": 80}]}),
    declared("v1", "Service", "second", spec={"ports": [{"port": 80}]}),
    declared("v1", "Service", "misspelt", spec={"ports": [{"port": 80, "targetport": 80}]}),
    declared("example.com/v1", "Thing", "thing", spec={}),
    workload("StatefulSet", "survives", replicas=3, pod=spread("survives"), volumeClaimTemplates=claim("fast")),
    workload("StatefulSet", "falls", replicas=3, pod={"nodeSelector": {ZONE: "a"}}),
    workload("StatefulSet", "volumeless", replicas=1, volumeClaimTemplates=claim("slow")),
    workload("Deployment", "huge", cpu="50"),
    workload("Deployment", "careless", context={}),
    declared("policy/v1", "PodDisruptionBudget", "strict", spec={"minAvailable": 3, "selector": {"matchLabels": {"app": "survives"}}}),
]


@pytest.fixture(scope="module")
def report(programs: Mapping[str, Path]) -> Report:
    pools = [parse_nodes("3x4/8Gi", ["a", "b", "c"])]
    return rehearse(OBJECTS, pools, stack="test", release="1.36", storage_classes=[], programs=programs, say=lambda _: None)


def said(troubles: Any) -> dict[str, str]:
    return {each.name: each.message for each in troubles}


def test_the_nodes_are_those_that_were_asked_for(report: Report) -> None:
    assert report.nodes == {"a": 1, "b": 1, "c": 1}
    assert report.objects == len(OBJECTS)
    assert report.pods == 6


def test_what_the_api_server_does_not_take_is_told_with_its_words(report: Report) -> None:
    refused = said(report.refused)
    assert "targetport" in refused["misspelt"]
    assert "exceeded quota" in refused["second"]
    assert set(refused) == {"misspelt", "second"}


def test_a_kind_that_nobody_defines_is_not_rehearsed(report: Report) -> None:
    assert set(said(report.not_rehearsed)) == {"thing"}


def test_pods_without_a_node_and_pods_that_are_not_made_are_told_with_the_reason(report: Report) -> None:
    unplaced = said(report.unplaced)
    assert "Insufficient cpu" in unplaced["huge"]
    assert "violates PodSecurity" in unplaced["careless"]
    assert set(unplaced) == {"huge", "careless", "volumeless"}
    assert "slow" in said(report.claims)["data-volumeless-0"]
    assert any("PodSecurity" in each.message for each in report.warnings if each.name == "careless")


def test_a_budget_that_no_drain_can_keep_is_told(report: Report) -> None:
    assert set(said(report.blocking)) == {"strict"}


def test_what_loses_its_quorum_with_a_zone_is_told_and_what_does_not_is_not(report: Report) -> None:
    loss = report.loss
    assert loss is not None
    assert (loss.taken, loss.name) == ("zone", "a")
    assert said(loss.without_quorum) == {"falls": "0 of 3 are left, which is not a majority"}
    # The volume of the third pod is in the zone that is gone.
    assert {"falls", "survives"} <= set(said(loss.pending))
    # Nobody replaces nodes that are not the stack's.
    assert loss.grown == {}


def test_a_rehearsal_that_finds_something_fails(report: Report) -> None:
    document = render_document(report)
    assert document["verdict"] == "fails"
    assert document["loss"]["withoutQuorum"][0]["name"] == "falls"


def test_nothing_is_left_behind_and_two_clusters_can_be_there_at_once(
    programs: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    seen: list[str] = []

    def see(api: Api) -> None:
        seen.append(api.items("v1", "namespaces")[0]["metadata"]["name"])
        api.close()

    with SimulatedCluster(programs) as first, SimulatedCluster(programs) as second:
        threads = [threading.Thread(target=see, args=[each.api.again()]) for each in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert seen == ["default", "default"]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(RehearsalError):
        first.api.again().call("GET", "/readyz")


def test_a_server_that_does_not_start_says_what_it_wrote_last(
    programs: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    broken = tmp_path / "kube-apiserver"
    broken.write_text("#!/bin/sh\necho no more disk >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    with pytest.raises(RehearsalError, match="no more disk"), SimulatedCluster({**programs, "kube-apiserver": broken}):
        pass
    assert list(tmp_path.iterdir()) == [broken]
