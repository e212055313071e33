"""The rehearsal itself: objects into a simulated cluster, what becomes of them, and what the loss of a zone does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rehearsal.api import Api
from rehearsal.applying import Applied, apply_all
from rehearsal.cluster import SimulatedCluster
from rehearsal.jobs import run_cron_jobs
from rehearsal.losing import choose, take_away
from rehearsal.nodes import ZONE, NodePool, render_nodes
from rehearsal.objects import DeclaredObject
from rehearsal.report import Loss, Refusal, Report, Trouble
from rehearsal.state import State, read_state, settle
from rehearsal.volumes import Provisioner

_SCARCE: Final = ("Insufficient", "Too many pods", "topology spread constraints", "anti-affinity")
"""What the scheduler says where another node would help."""
_ROUNDS: Final = 4
Say = Callable[[str], None]


@dataclass
class _Stage:
    """A running cluster, its pools, and how many nodes each has been given."""

    cluster: SimulatedCluster
    pools: Sequence[NodePool]
    say: Say
    given: Counter[str] = field(default_factory=Counter)

    @property
    def api(self) -> Api:
        return self.cluster.api

    def add(self, pool: NodePool, count: int, lost: Sequence[str] = ()) -> None:
        """Add nodes to a pool; none in a zone that is lost."""
        made = 0
        while made < count:
            (node,) = render_nodes(pool, range(self.given[pool.name], self.given[pool.name] + 1))
            self.given[pool.name] += 1
            if node["metadata"]["labels"][ZONE] not in lost:
                self.api.call("POST", "/api/v1/nodes", node)
                made += 1

    def settle(self, lost: Sequence[str] = ()) -> tuple[State, Mapping[str, int]]:
        """Wait for the cluster, and do what its autoscaler would: add nodes where pods lack them, up to the most of each pool."""
        grown: Counter[str] = Counter()
        state = settle(self.api, self.cluster.check)
        for _ in range(_ROUNDS):
            there = Counter(name.rpartition("-")[0] for name in (node["metadata"]["name"] for node in state.nodes))
            growing = [pool for pool in self.pools if pool.managed and there[pool.name] < pool.most and set(pool.zones) - set(lost)]
            if not growing or not any(_wants_node(state.reason(each)) for each in state.incomplete):
                break
            for pool in growing:
                more = min(pool.most - there[pool.name], len(set(pool.zones) - set(lost)))
                self.say(f"Adding {more} nodes to {pool.name}")
                self.add(pool, more, lost)
                grown[pool.name] += more
            state = settle(self.api, self.cluster.check)
        return state, grown


def rehearse(
    objects: Sequence[DeclaredObject],
    pools: Sequence[NodePool],
    *,
    stack: str,
    release: str,
    storage_classes: Sequence[Mapping[str, Any]],
    programs: Mapping[str, Path],
    say: Say,
    notes: Sequence[Refusal] = (),
) -> Report:
    """Rehearse ``objects`` on the nodes of ``pools``.

    Args:
        objects: all of the stack, in their order.
        pools: the nodes; they begin with the least of each.
        stack: its name, for the report.
        release: its Kubernetes release, for the report.
        storage_classes: what the cluster has before the stack comes.
        programs: by name, see :mod:`rehearsal.programs`.
        say: told each step.
        notes: what is known beforehand not to be rehearsed as it is.

    Raises:
        RehearsalError: a server does not start, or ends.
    """
    say("Starting etcd, API server, controllers, scheduler and kwok")
    with SimulatedCluster(programs) as cluster, Provisioner(cluster.api):
        stage = _Stage(cluster, pools, say)
        for pool in pools:
            stage.add(pool, pool.least)
        for storage_class in storage_classes:
            cluster.api.call("POST", "/apis/storage.k8s.io/v1/storageclasses", storage_class)
        say(f"Applying {len(objects)} objects")
        applied = Applied()
        apply_all(cluster.api, objects, applied)
        run_cron_jobs(cluster.api, applied)
        say("Waiting for every pod to find a node")
        state, grown = stage.settle()
        return Report(
            stack=stack,
            release=release,
            kubernetes=str(cluster.api.call("GET", "/version").body.get("gitVersion", "")),
            nodes=dict(sorted(Counter(node["metadata"]["labels"][ZONE] for node in state.nodes).items())),
            objects=len(objects),
            pods=state.running,
            refused=applied.refused,
            warnings=applied.warnings,
            unplaced=[each.trouble(state.reason(each)) for each in state.incomplete],
            claims=list(_pending_claims(state)),
            blocking=[_budget(each, "lets nobody drain a node") for each in state.budgets if _blocks(each)],
            not_rehearsed=[*notes, *applied.undefined],
            grown=grown,
            loss=_lose(stage, state),
        )


def _lose(stage: _Stage, before: State) -> Loss | None:
    chosen = choose(before)
    if chosen is None:
        return None
    taken, nodes = chosen
    zones = {node["metadata"]["name"]: node["metadata"]["labels"][ZONE] for node in before.nodes}
    name = zones[nodes[0]] if taken == "zone" else nodes[0]
    stage.say(f"Taking the {taken} {name} away")
    take_away(stage.api, nodes)
    at_once = read_state(stage.api)
    state, grown = stage.settle([name] if taken == "zone" else [])
    lacking = {(each.kind, each.namespace, each.name) for each in before.incomplete}
    return Loss(
        taken=taken,
        name=name,
        without_quorum=[
            each.trouble(f"{each.ready} of {each.wanted} are left, which is not a majority")
            for each in at_once.workloads
            if not each.has_quorum
        ],
        pending=[each.trouble(state.reason(each)) for each in state.incomplete if (each.kind, each.namespace, each.name) not in lacking],
        budgets=[_budget(each, "is not kept: nothing more may be drained") for each in state.budgets if _is_broken(each)],
        grown=grown,
    )


def _wants_node(reason: str) -> bool:
    return any(word in reason for word in _SCARCE)


def _pending_claims(state: State) -> Sequence[Trouble]:
    found = []
    for claim in state.claims:
        if claim["status"].get("phase") == "Pending":
            metadata = claim["metadata"]
            said = [
                str(each.get("message", ""))
                for each in state.events
                if each["involvedObject"].get("uid") == metadata["uid"] and each.get("message")
            ]
            storage_class = claim["spec"].get("storageClassName", "the default one, which does not exist")
            message = f"storage class {storage_class}" + (f": {said[-1]}" if said else "")
            found.append(Trouble(kind="PersistentVolumeClaim", namespace=metadata["namespace"], name=metadata["name"], message=message))
    return found


def _budget(budget: Mapping[str, Any], message: str) -> Trouble:
    metadata = budget["metadata"]
    return Trouble(kind="PodDisruptionBudget", **_where(metadata), message=message)


def _where(metadata: Mapping[str, Any]) -> Mapping[str, str]:
    return {"namespace": metadata["namespace"], "name": metadata["name"]}


def _blocks(budget: Mapping[str, Any]) -> bool:
    status = budget.get("status", {})
    return bool(status.get("expectedPods", 0) > 0 and status.get("disruptionsAllowed", 0) == 0)


def _is_broken(budget: Mapping[str, Any]) -> bool:
    status = budget.get("status", {})
    return bool(status.get("currentHealthy", 0) < status.get("desiredHealthy", 0))
