from __future__ import annotations

from typing import Any

import pytest

from rehearsal import state as states
from rehearsal.losing import choose, take_away
from rehearsal.state import Workload, read_state, settle
from tests.rehearsal.clusters import MemoryApi, controller, node, pod

NODES = [node("n-0", "a"), node("n-1", "b"), node("n-2", "c")]


def failed(kind: str, name: str, message: str, moment: str = "1") -> dict[str, Any]:
    about = {"kind": kind, "name": name, "namespace": "shop"}
    return {"involvedObject": about, "reason": "FailedCreate", "message": message, "lastTimestamp": moment}


def only(api: MemoryApi) -> Workload:
    (workload,) = read_state(api).workloads
    return workload


@pytest.mark.parametrize(
    ("replicas", "ready", "kept"), [(3, 3, True), (3, 2, True), (3, 1, False), (5, 3, True), (5, 2, False), (2, 1, True)]
)
def test_a_stateful_set_of_three_and_more_has_a_quorum_to_lose(replicas: int, ready: int, kept: bool) -> None:  # noqa: FBT001 # a parameter
    pods = [pod(f"s-{index}", "s", node_name="n-0") for index in range(ready)]
    workload = only(MemoryApi(statefulsets=[controller("s", replicas)], pods=pods))
    assert (workload.ready, workload.has_quorum) == (ready, kept)


def test_the_pods_of_a_deployment_belong_to_its_replica_set() -> None:
    replica_set = {"metadata": {"name": "d-1", "uid": "uid-d-1", "ownerReferences": [{"uid": "uid-d"}]}}
    api = MemoryApi(deployments=[controller("d", 2)], replicasets=[replica_set], pods=[pod("d-1-x", "d-1", node_name="n-0")])
    assert (only(api).wanted, only(api).ready) == (2, 1)


def test_what_a_job_has_done_stays_done_and_a_daemon_set_wants_what_its_controller_says() -> None:
    job = {**controller("j", 0, succeeded=1), "spec": {"completions": 1}}
    assert only(MemoryApi(jobs=[job])).is_complete
    assert only(MemoryApi(daemonsets=[controller("a", 0, desiredNumberScheduled=3)])).wanted == 3


def test_the_reason_is_the_schedulers_else_that_of_the_last_refusal() -> None:
    api = MemoryApi(
        statefulsets=[controller("s", 2)],
        events=[
            failed("StatefulSet", "s", "old", "1"),
            failed("StatefulSet", "s", "exceeded quota", "2"),
            failed("StatefulSet", "t", "x", "3"),
        ],
    )
    assert read_state(api).reason(only(api)) == "exceeded quota"
    api.objects["pods"] = [pod("s-0", "s", unscheduled="0/3 nodes are available")]
    assert read_state(api).reason(only(api)) == "s-0 has no node: 0/3 nodes are available"


def test_what_a_replica_set_was_refused_is_the_deployments() -> None:
    api = MemoryApi(deployments=[controller("d", 1)], events=[failed("ReplicaSet", "d-7f89", "violates PodSecurity")])
    assert read_state(api).reason(only(api)) == "violates PodSecurity"
    api.objects["events"] = []
    assert read_state(api).reason(only(api)) == "0 of 1 pods are ready"


def test_pods_that_are_going_do_not_count() -> None:
    going = pod("s-0", "s", node_name="n-0")
    going["metadata"]["deletionTimestamp"] = "now"
    assert only(MemoryApi(statefulsets=[controller("s", 1)], pods=[going])).ready == 0


def test_waiting_ends_when_nothing_moves_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "_QUIET", 0.02)
    monkeypatch.setattr(states, "_EVERY", 0.01)
    checks: list[None] = []
    api = MemoryApi(statefulsets=[controller("s", 1)])
    assert [each.name for each in settle(api, lambda: checks.append(None)).incomplete] == ["s"]
    assert checks


def test_the_zone_that_holds_most_of_a_quorum_goes() -> None:
    pods = [pod("s-0", "s", node_name="n-1"), pod("s-1", "s", node_name="n-1"), *(pod(f"d-{i}", "d", node_name="n-0") for i in range(9))]
    api = MemoryApi(nodes=NODES, statefulsets=[controller("s", 3)], daemonsets=[controller("d", 9)], pods=pods)
    assert choose(read_state(api)) == ("zone", ["n-1"])


def test_where_there_is_one_zone_a_node_goes() -> None:
    api = MemoryApi(nodes=[node("n-0", "a"), node("n-1", "a")], statefulsets=[controller("s", 1)], pods=[pod("s-0", "s", node_name="n-1")])
    assert choose(read_state(api)) == ("node", ["n-1"])
    assert choose(read_state(MemoryApi())) is None


def test_a_node_goes_with_its_pods() -> None:
    api = MemoryApi(nodes=NODES, pods=[pod("s-0", "s", node_name="n-0"), pod("s-1", "s", node_name="n-1")])
    take_away(api, ["n-1"])
    assert api.calls == [("DELETE", "/api/v1/nodes/n-1"), ("DELETE", "/api/v1/namespaces/shop/pods/s-1")]
