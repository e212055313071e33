"""The way to a cluster, over a real connection."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from doctor.checks import examine
from doctor.connection import connect
from doctor.errors import ConnectError
from doctor.findings import State
from tests.doctor.fakes import NEEDS, NODES, FakeServer, documents
from tests.doctor.servers import fake_server, real_server, write_kubeconfig


def test_a_token_is_shown_to_the_server(tmp_path: Path) -> None:
    with fake_server(FakeServer(documents()), only="mine") as address:
        kubeconfig = write_kubeconfig(tmp_path, address, {"me": {"token": "mine"}, "stranger": {"token": "another"}})
        assert len(connect("me", kubeconfig).objects(NODES)) == 3
        with pytest.raises(ConnectError, match="does not accept the credentials of the context; sign in anew"):
            connect("stranger", kubeconfig).objects(NODES)


def test_an_exec_plugin_signs_in_and_the_kubeconfig_stays_as_it_is(tmp_path: Path) -> None:
    plugin = tmp_path / "plugin.py"
    credential = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "mine"}}
    plugin.write_text(f"print({json.dumps(json.dumps(credential))})", encoding="utf-8")
    user = {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": sys.executable,
            "args": [str(plugin)],
            "interactiveMode": "Never",
        }
    }
    with fake_server(FakeServer(documents()), only="mine") as address:
        kubeconfig = write_kubeconfig(tmp_path, address, {"me": user})
        before = kubeconfig.read_bytes()
        assert connect("me", kubeconfig).version["gitVersion"] == "v1.36.3"
        assert kubeconfig.read_bytes() == before


def test_the_kubeconfig_of_the_environment_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with fake_server(FakeServer(documents())) as address:
        monkeypatch.setenv("KUBECONFIG", f"{tmp_path / 'none'}:{write_kubeconfig(tmp_path, address, {'me': {}})}")
        assert connect("me").version["gitVersion"] == "v1.36.3"


def test_a_context_that_is_not_there_is_told_the_others(tmp_path: Path) -> None:
    kubeconfig = write_kubeconfig(tmp_path, "http://127.0.0.1:1", {"one": {}, "two": {}})
    with pytest.raises(ConnectError, match="has no context 'three'; there are one, two"):
        connect("three", kubeconfig)


@pytest.mark.parametrize("content", ["", "[", "[]", "contexts: 1"])
def test_a_kubeconfig_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConnectError, match=f"the kubeconfig {path} cannot be used"):
        connect("it", path)


def test_a_kubeconfig_that_is_not_there_has_no_context(tmp_path: Path) -> None:
    with pytest.raises(ConnectError, match=r"has no context 'it'; there are none"):
        connect("it", tmp_path / "none")


def test_a_server_that_does_not_answer_is_named_with_its_context(tmp_path: Path) -> None:
    kubeconfig = write_kubeconfig(tmp_path, "http://127.0.0.1:1", {"it": {}})
    with pytest.raises(ConnectError, match=r"the cluster of context 'it' does not answer at http://127\.0\.0\.1:1: "):
        _ = connect("it", kubeconfig).version


def test_what_is_not_an_api_server_is_told_apart(tmp_path: Path) -> None:
    with fake_server(FakeServer({"/version": "<html>"})) as address:
        kubeconfig = write_kubeconfig(tmp_path, address, {"it": {}})
        with pytest.raises(ConnectError, match="is not a Kubernetes API server"):
            _ = connect("it", kubeconfig).version


@pytest.mark.server
def test_a_real_server_is_asked_and_its_rights_are_told_apart(tmp_path: Path) -> None:
    with real_server(tmp_path, {"admin": "system:masters", "guest": ""}) as (address, certificate):
        users = {name: {"token": name} for name in ("admin", "guest")}
        kubeconfig = write_kubeconfig(tmp_path, address, users, **{"certificate-authority": str(certificate)})
        admin, guest = connect("admin", kubeconfig), connect("guest", kubeconfig)
        assert "default" in {each["metadata"]["name"] for each in admin.objects("/api/v1/namespaces")}
        assert admin.clock_skew is not None
        assert abs(admin.clock_skew.total_seconds()) < 30
        assert "apiserver_" in admin.text("/metrics")
        assert not admin.serves("/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses")
        assert admin.may("*", "*", "*")
        assert not guest.may("create", "", "namespaces")
        found = {(each.state, each.subject) for each in examine(NEEDS, admin)}
        assert (State.FINE, "Kubernetes") in found
        assert (State.MISSING, "nodes") in found
        assert (State.FINE, "names") in found
        assert (State.FINE, "rights") in found
        of_guest = {(each.state, each.subject) for each in examine(NEEDS, guest)}
        assert (State.UNCHECKED, "nodes") in of_guest
        assert (State.MISSING, "rights") in of_guest
