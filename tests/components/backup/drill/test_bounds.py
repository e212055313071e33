"""A real API server holds the job of the drill to its bounds: CEL is judged where it runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest

from components.backup.drill.pods import DRILL
from components.backup.drill.programs.drill import restore_of
from components.backup.drill.rights import bounds
from rehearsal.api import Answer, Api
from rehearsal.cluster import SimulatedCluster
from rehearsal.errors import PreparationError
from rehearsal.programs import find_programs
from tests.components.backup.drill.cluster import PLACES
from tests.components.backup.drill.test_resources import ARGS
from tests.tools import ROOT

pytestmark = pytest.mark.server

VOLUMES: Final = "/api/v1/persistentvolumes"
OTHER: Final = "somebody-else"
GROUPS: Final = {
    "admission": "/apis/admissionregistration.k8s.io/v1",
    "bindings": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "definitions": "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
}
ANYTHING: Final = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}


@pytest.fixture(scope="module")
def cluster() -> Iterator[SimulatedCluster]:
    """Built in no test run: a Kubernetes API server takes a quarter of an hour."""
    try:
        programs = find_programs([ROOT / ".tools" / "bin"])
    except PreparationError as missing:
        pytest.skip(f"not run: {str(missing).splitlines()[0]}")
    with SimulatedCluster(programs) as running:
        prepare(running.api)
        yield running


@pytest.fixture(scope="module")
def job(cluster: SimulatedCluster) -> Iterator[Api]:
    with closing(signed_in(cluster.api, DRILL)) as api:
        yield api


@pytest.fixture(scope="module")
def other(cluster: SimulatedCluster) -> Iterator[Api]:
    with closing(signed_in(cluster.api, OTHER)) as api:
        yield api


def create(api: Api, path: str, content: dict[str, Any]) -> None:
    answer = api.call("POST", path, content)
    assert answer.accepted, answer.message


def signed_in(api: Api, account: str) -> Api:
    """The API as a service account that may do whatever a role could allow."""
    name = {"metadata": {"name": account, "namespace": ARGS.namespace}}
    create(api, f"/api/v1/namespaces/{ARGS.namespace}/serviceaccounts", name)
    subject = {"kind": "ServiceAccount", "name": account, "namespace": ARGS.namespace}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"}
    create(api, GROUPS["bindings"], {"metadata": {"name": account}, "roleRef": role, "subjects": [subject]})
    issued = api.call("POST", f"/api/v1/namespaces/{ARGS.namespace}/serviceaccounts/{account}/token", {"spec": {}})
    assert issued.accepted, issued.message
    again = api.again()
    return Api(again._address[1], issued.body["status"]["token"], again._certificate)  # the same server for somebody else


def prepare(api: Api) -> None:
    for namespace in (ARGS.velero, ARGS.namespace, ARGS.scratch, "orders"):
        create(api, "/api/v1/namespaces", {"metadata": {"name": namespace}})
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": ANYTHING}}},
    }
    names = {"kind": "Restore", "plural": "restores", "singular": "restore", "listKind": "RestoreList"}
    definition = {"group": "velero.io", "scope": "Namespaced", "names": names, "versions": [version]}
    create(api, GROUPS["definitions"], {"metadata": {"name": "restores.velero.io"}, "spec": definition})
    create(api, f"{GROUPS['admission']}/validatingadmissionpolicies", {"metadata": {"name": DRILL}, "spec": bounds(ARGS)})
    in_force = {"policyName": DRILL, "validationActions": ["Deny"]}
    create(api, f"{GROUPS['admission']}/validatingadmissionpolicybindings", {"metadata": {"name": DRILL}, "spec": in_force})
    for name, namespace in (("restored", ARGS.scratch), ("precious", "orders")):
        spec = {
            "capacity": {"storage": "1Gi"},
            "accessModes": ["ReadWriteOnce"],
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": "gp3-retain",
            "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": f"vol-{name}"},
            "claimRef": {"namespace": namespace, "name": "data", "uid": "1"},
        }
        create(api, VOLUMES, {"metadata": {"name": name}, "spec": spec})


def let_go(api: Api, volume: str, change: dict[str, Any] | None = None) -> Answer:
    wanted = change or {"spec": {"persistentVolumeReclaimPolicy": "Delete"}}
    return api.call("PATCH", f"{VOLUMES}/{volume}", wanted, content="application/merge-patch+json")


@pytest.fixture(scope="module", autouse=True)
def in_force(job: Api) -> None:
    """The policy takes a moment to hold."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if not let_go(job, "precious").accepted:
            return
        time.sleep(0.1)
    pytest.fail("the policy does not come into force")


def test_the_drill_may_restore_its_canary(job: Api) -> None:
    answer = job.call("POST", PLACES.restores, restore_of("daily-1", "restore-drill-1", PLACES))
    assert answer.accepted, answer.message


@pytest.mark.parametrize(
    "change",
    [
        {"includedNamespaces": ["orders"]},
        {"includedNamespaces": None},
        {"namespaceMapping": {"restore-drill": "orders"}},
        {"namespaceMapping": None},
        {"includedResources": ["clusterrolebindings.rbac.authorization.k8s.io"]},
        {"includedResources": None},
        {"hooks": {"resources": []}},
        {"resourceModifier": {"kind": "configmap", "name": "other"}},
        {"existingResourcePolicy": "update"},
    ],
    ids=json.dumps,
)
def test_the_drill_may_restore_nothing_else(job: Api, change: dict[str, Any]) -> None:
    wanted = restore_of("daily-1", "restore-drill-2", PLACES)
    wanted["spec"] = {key: value for key, value in {**wanted["spec"], **change}.items() if value is not None}
    answer = job.call("POST", PLACES.restores, wanted)
    assert not answer.accepted
    assert "the drill restores nothing but the claims of restore-drill into restore-scratch" in answer.message


def test_somebody_else_may_restore_what_he_may(other: Api) -> None:
    wanted = restore_of("daily-1", "by-hand", PLACES)
    wanted["spec"]["includedNamespaces"] = ["orders"]
    assert other.call("POST", PLACES.restores, wanted).accepted


def test_the_drill_may_let_go_of_a_volume_that_it_has_restored(job: Api) -> None:
    answer = let_go(job, "restored")
    assert answer.accepted, answer.message


def test_the_drill_may_not_let_go_of_others(job: Api, other: Api) -> None:
    answer = let_go(job, "precious")
    assert not answer.accepted
    assert "volumes that are claimed in restore-scratch" in answer.message
    assert let_go(other, "precious").accepted


@pytest.mark.parametrize("change", [{"spec": {"claimRef": {"namespace": "orders"}}}, {"metadata": {"labels": {"a": "b"}}}], ids=json.dumps)
def test_the_drill_may_not_change_anything_else_of_a_volume(job: Api, change: dict[str, Any]) -> None:
    assert not let_go(job, "restored", change).accepted
