from __future__ import annotations

from dataclasses import replace
from typing import Any

from policies.model import Provider, Resource
from policies.rules.backup.velero import KUBERNETES_PROVIDER, cluster_has_velero
from policies.values import UNKNOWN
from tests.policies.rules.backup.good import AGENT, AKS, DAILY, EKS, INGRESS, LOCATIONS, SERVER, SNAPSHOTS, STORE, VELERO, WEEKLY
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import CHART

OWN_SCHEDULES = [DAILY, WEEKLY]
PLAIN = [SERVER, STORE, SNAPSHOTS, *OWN_SCHEDULES]
ELSEWHERE = {"metadata.namespace": "other"}
SWITCH = "values.backupsEnabled"
TAKEN = "values.snapshotsEnabled"
AGENTS = "values.deployNodeAgent"
BUCKET = f"{LOCATIONS}[0].bucket"
OLD = {LOCATIONS: {"name": "default", "bucket": "backups", "config": {"region": "eu-west-1"}}}
REPOSITORY = {"chart": "velero", "repositoryOpts.repo": "https://vmware-tanzu.github.io/helm-charts"}

SECOND = good(EKS.type, {"name": "second", "roleArn": "role"}, "second")
PROVIDERS = [good(KUBERNETES_PROVIDER, {}, cluster.name, after=[cluster.urn]) for cluster in (EKS, SECOND)]


def by_provider(index: int, name: str = "velero") -> Resource:
    """Velero, installed by one of two providers."""
    provider = Provider(urn=PROVIDERS[index].urn, type=KUBERNETES_PROVIDER, properties={})
    return replace(VELERO, provider=provider, urn=f"{VELERO.urn}-{name}")


NO_STORES: tuple[Any, ...] = (None, [], {}, [{"provider": "aws"}], [{"bucket": ""}], "bucket")

CASES = cases(
    cluster_has_velero,
    *(accepts(cluster, beside=[VELERO]) for cluster in (EKS, AKS)),
    accepts(EKS, beside=PLAIN),
    accepts(SERVER, beside=[STORE, AGENT, *OWN_SCHEDULES]),
    accepts(VELERO),
    accepts(good(CHART, VELERO.properties, "velero")),
    *(accepts(VELERO, changes) for changes in (OLD, REPOSITORY, {"chart": "oci://ghcr.io/mirror/velero"}, {BUCKET: UNKNOWN})),
    accepts(VELERO, {TAKEN: False, AGENTS: True}),
    accepts(VELERO, {TAKEN: False, "values.deployRestic": True}),
    accepts(VELERO, {TAKEN: None, SWITCH: True}),
    accepts(VELERO, {TAKEN: False}, beside=[SNAPSHOTS]),
    accepts(VELERO, {LOCATIONS: [], SWITCH: False}, beside=[STORE]),
    accepts(INGRESS),
    accepts(EKS, beside=[SECOND, *PROVIDERS, by_provider(0), by_provider(1, "second")]),
    accepts(EKS, beside=[SECOND, VELERO]),
    accepts(EKS, beside=[SECOND, *PROVIDERS, VELERO]),
    accepts(EKS, beside=[PROVIDERS[0], VELERO]),
    refuses(SECOND, at="name", beside=[EKS, *PROVIDERS, by_provider(0)]),
    refuses(EKS, at="name"),
    refuses(AKS, at="resourceName", beside=[INGRESS]),
    refuses(EKS, at="name", beside=[AGENT, STORE]),
    *(refuses(VELERO, {LOCATIONS: stores}) for stores in NO_STORES),
    refuses(VELERO, {LOCATIONS: []}, beside=[changed(STORE, ELSEWHERE)]),
    refuses(VELERO, {LOCATIONS: []}, beside=[changed(STORE, {"spec.objectStorage.bucket": ""})]),
    *(refuses(VELERO, {SWITCH: value}, beside=[EKS]) for value in (False, "", 0.0)),
    *(refuses(VELERO, changes, at=TAKEN, beside=[EKS]) for changes in ({TAKEN: False}, {TAKEN: False, AGENTS: False})),
    refuses(VELERO, {TAKEN: False}, beside=[changed(SNAPSHOTS, ELSEWHERE), changed(AGENT, ELSEWHERE)]),
    refuses(SERVER, at="metadata.name", beside=[SNAPSHOTS, *OWN_SCHEDULES]),
    refuses(SERVER, at="metadata.name", beside=[STORE, *OWN_SCHEDULES]),
    undecided(VELERO, LOCATIONS),
    undecided(VELERO, SWITCH),
    undecided(VELERO, TAKEN),
    undecided(VELERO, AGENTS, {TAKEN: False}),
    undecided(EKS, "roleArn", at="chart", beside=[changed(INGRESS, {"chart": UNKNOWN})]),
)
