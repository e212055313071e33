from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import Result

from tests.cli.projects import copy_project, plinth
from tests.doctor.fakes import CLASSES, FakeServer, changed, documents
from tests.doctor.servers import fake_server, write_kubeconfig


def doctor(folder: Path, fake: FakeServer, *options: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Ask ``fake`` about the product's dev stack."""
    copy_project(folder)
    with fake_server(fake) as address:
        kubeconfig = write_kubeconfig(folder, address, {"it": {}})
        return plinth(folder, "doctor", "dev", "--context=it", f"--kubeconfig={kubeconfig}", *options, monkeypatch=monkeypatch)


def test_what_is_missing_is_shown_with_its_cure_and_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = doctor(tmp_path, FakeServer({**documents(), "/apis": {"groups": []}}), monkeypatch=monkeypatch)
    assert result.exit_code == 1
    assert "the cluster of context it lacks something for stack dev" in result.stdout
    assert "definitions: the cluster knows nothing of snapshot.storage.k8s.io" in result.stdout
    assert "Install what brings it" in result.stdout
    assert "Fine (" in result.stdout


def test_machines_get_the_same_as_one_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses = {"/api/v1/namespaces/default/services/kubernetes": None}
    roomy = changed(lambda found: [each["status"]["allocatable"].update(cpu="64", memory="256Gi") for each in found["/api/v1/nodes"]])
    nodes = [{**each, "status": {**each["status"], "addresses": []}} for each in roomy["/api/v1/nodes"]]
    found = {**roomy, **addresses, "/api/v1/nodes": nodes, "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices": []}
    result = doctor(tmp_path, FakeServer(found), "--json", "--quiet", monkeypatch=monkeypatch)
    document = json.loads(result.stdout)
    assert result.stderr == ""
    assert {key: document[key] for key in ("stack", "tier", "context", "passes")} == {
        "stack": "dev",
        "tier": "dev",
        "context": "it",
        "passes": True,
    }
    assert result.exit_code == 0
    assert {tuple(each) for each in document["findings"]} == {("state", "subject", "problem", "cure", "requirement")}


def test_the_settings_of_a_cluster_that_exists_name_its_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    with fake_server(FakeServer({**documents(), CLASSES: []})) as address:
        kubeconfig = write_kubeconfig(tmp_path, address, {"homelab": {}})
        result = plinth(tmp_path, "doctor", "homelab", f"--kubeconfig={kubeconfig}", "--json", monkeypatch=monkeypatch)
    document = json.loads(result.stdout)
    assert (document["context"], document["passes"]) == ("homelab", False)
    missing = [each["subject"] for each in document["findings"] if each["state"] == "missing"]
    assert any(subject.startswith("storage class ") for subject in missing)
    assert result.exit_code == 1


def test_a_quiet_report_leaves_out_what_is_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = doctor(tmp_path, FakeServer({**documents(), CLASSES: []}), "--quiet", monkeypatch=monkeypatch)
    assert "Fine" not in result.stdout
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "dev does not stand on a cluster that exists; name the context of its cluster with --context"),
        (("--context=nowhere",), "has no context 'nowhere'; there are it"),
        (("--context=it",), "the cluster of context 'it' does not answer at http://127.0.0.1:1"),
    ],
)
def test_a_cluster_that_cannot_be_asked_is_one_clear_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], says: str
) -> None:
    kubeconfig = write_kubeconfig(copy_project(tmp_path), "http://127.0.0.1:1", {"it": {}})
    result = plinth(tmp_path, "doctor", "dev", f"--kubeconfig={kubeconfig}", "-q", *options, monkeypatch=monkeypatch)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert says in result.stderr
