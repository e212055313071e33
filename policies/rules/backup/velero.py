"""BAK-001: Velero runs in every cluster, with a store for backups and a way to take volumes with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies.charts import velero
from policies.findings import Findings
from policies.helm import RELEASE_TYPES
from policies.model import Resource, Stack, stack_rule
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from policies.velero import (
    AGENT_TYPES,
    LOCATION,
    SERVER_TYPES,
    SNAPSHOT_LOCATION,
    Installation,
    installations_of,
    is_agent,
    locations_of,
)

CLUSTERS: Final = {EKS_CLUSTER: "name", AKS_CLUSTER: "resourceName"}
"""The clusters that a stack can make, each with the input that names it."""


KUBERNETES_PROVIDER: Final = "pulumi:providers:kubernetes"


@stack_rule("BAK-001", on=(*CLUSTERS, KUBERNETES_PROVIDER, *SERVER_TYPES, *AGENT_TYPES, LOCATION, SNAPSHOT_LOCATION))
def cluster_has_velero(resources: Sequence[Resource], _: Stack) -> Findings:
    """A stack that makes a cluster installs Velero in it; where it is installed, it has what it needs."""
    installations = installations_of(resources)
    for installation in installations:
        own = [each for each in resources if installation.has(each)]
        yield from _check_locations(installation, [each for each in own if each.type == LOCATION])
        yield from _check_volumes(installation, own)
    unknown = [each for each in resources if each.type in RELEASE_TYPES and each["chart"].is_unknown]
    if not unknown and len(installations) < len([each for each in resources if each.type in CLUSTERS]):
        yield from _check_each(installations, resources)
    if not (installations or unknown):
        for cluster in resources:
            if cluster.type in CLUSTERS:
                yield from _refuse(cluster)


def _check_each(installations: Sequence[Installation], resources: Sequence[Resource]) -> Findings:
    """Of several clusters, those whose providers are known and install no Velero, where it is known whose provider installs which."""
    used = {each.resource.provider.urn for each in installations if each.resource.provider is not None}
    for cluster in resources if used else ():
        own = {each.urn for each in resources if each.type == KUBERNETES_PROVIDER and cluster.urn in each.dependencies}
        if cluster.type in CLUSTERS and own and not own & used:
            yield from _refuse(cluster)


def _refuse(cluster: Resource) -> Findings:
    return cluster[CLUSTERS[cluster.type]].refuse(
        "nothing backs up what runs in the cluster: the stack does not install Velero there",
        "Install the chart velero with a backup storage location",
    )


def _check_locations(installation: Installation, declared: Sequence[Resource]) -> Findings:
    if any(each.at("spec.objectStorage.bucket").is_present for each in declared):
        return
    problem, cure = "Velero has no store for its backups", "Name provider and bucket in configuration.backupStorageLocation"
    if installation.values is None:
        yield from installation.resource.at("metadata.name").refuse(problem, "Add a BackupStorageLocation with its bucket")
        return
    place, switch = installation.values.at(velero.LOCATIONS), velero.BACKUPS.place(installation.values)
    if not (place.is_unknown or any(each["bucket"].is_present for each in locations_of(installation))):
        yield from place.refuse(problem, cure)
    else:
        yield from switch.must_satisfy(bool, f"{problem}: the chart does not make the location", f"Set {switch.path} to true", default=True)


def _check_volumes(installation: Installation, own: Sequence[Resource]) -> Findings:
    problem = "Velero takes no volumes with its backups: neither their snapshots nor their files"
    if any(each.type == SNAPSHOT_LOCATION or (each.type in AGENT_TYPES and is_agent(each)) for each in own):
        return
    if installation.values is None:
        yield from installation.resource.at("metadata.name").refuse(
            problem, "Add a VolumeSnapshotLocation, or the node agent as a DaemonSet"
        )
        return
    snapshots = velero.SNAPSHOTS.place(installation.values)
    agents = (velero.NODE_AGENT, velero.RESTIC)
    if not any(knob.place(installation.values).may_satisfy(bool) for knob in agents):
        cure = f"Set {snapshots.path} or {velero.NODE_AGENT.path} to true"
        yield from snapshots.must_satisfy(bool, problem, cure, default=velero.SNAPSHOTS.default)
