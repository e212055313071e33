"""The node pools that a stack declares, read from its resources: node groups of EKS, agent pools of AKS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from offline.recording import RecordedResource, Run
from rehearsal.machines import Machine, machine_of
from rehearsal.nodes import ONE_ZONE, NodePool
from rehearsal.objects import without_unknowns

_EKS: Final = "aws:eks/nodeGroup:NodeGroup"
_AKS_CLUSTER: Final = "ManagedCluster"
_AKS_POOL: Final = "AgentPool"
_AKS: Final = "azure-native:containerservice"
_EFFECTS: Final = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


def pools_of(run: Run, machines: Mapping[str, Machine]) -> list[NodePool]:
    """The pools of a stack; none where its cluster is not its own.

    Args:
        run: the stack's.
        machines: what machine types leave for pods, where the user says so.

    Raises:
        PreparationError: the size of a machine type is not known.
    """
    by_urn = {resource.urn: resource for resource in run.resources}
    found: list[NodePool] = []
    for resource in run.resources:
        package, _, kind = resource.type.rpartition(":")
        if resource.type == _EKS:
            found.append(_node_group(resource, by_urn, machines))
        elif package.partition("/")[0] == _AKS and kind == _AKS_POOL:
            found.append(_agent_pool(without_unknowns(resource.inputs), machines))
        elif package.partition("/")[0] == _AKS and kind == _AKS_CLUSTER:
            profiles = without_unknowns(resource.inputs).get("agentPoolProfiles", ())
            found += [_agent_pool(each, machines) for each in profiles]
    return found


def _node_group(resource: RecordedResource, by_urn: Mapping[str, RecordedResource], machines: Mapping[str, Machine]) -> NodePool:
    inputs = without_unknowns(resource.inputs)
    subnets = [by_urn[urn].inputs for urn in resource.property_dependencies.get("subnetIds", ())]
    zones = sorted({str(subnet["availabilityZone"]) for subnet in subnets if "availabilityZone" in subnet})
    scaling = inputs["scalingConfig"]
    return NodePool(
        name=inputs.get("nodeGroupName") or resource.name,
        machine=machine_of(inputs["instanceTypes"][0], machines),
        zones=zones or [ONE_ZONE],
        least=int(scaling["desiredSize"] if "desiredSize" in scaling else scaling["minSize"]),
        most=int(scaling["maxSize"]),
        architecture="arm64" if "ARM" in inputs.get("amiType", "").upper() else "amd64",
        labels=inputs.get("labels") or {},
        taints=[{**taint, "effect": _EFFECTS[taint["effect"]]} for taint in inputs.get("taints") or ()],
    )


def _agent_pool(inputs: Mapping[str, Any], machines: Mapping[str, Machine]) -> NodePool:
    name = str(inputs.get("agentPoolName") or inputs.get("name"))
    grows = bool(inputs.get("enableAutoScaling"))
    count = int(inputs.get("count") or inputs.get("minCount") or 1)
    return NodePool(
        name=name,
        machine=machine_of(inputs["vmSize"], machines, **({"pods": int(inputs["maxPods"])} if inputs.get("maxPods") else {})),
        zones=sorted(map(str, inputs.get("availabilityZones") or (ONE_ZONE,))),
        least=int(inputs["minCount"]) if grows else count,
        most=int(inputs["maxCount"]) if grows else count,
        labels={"agentpool": name, "kubernetes.azure.com/agentpool": name, **(inputs.get("nodeLabels") or {})},
        taints=list(_taints(inputs.get("nodeTaints") or ())),
    )


def _taints(written: Sequence[str]) -> Iterator[Mapping[str, str]]:
    for text in written:
        marked, _, effect = text.rpartition(":")
        key, _, value = marked.partition("=")
        yield {"key": key, "value": value, "effect": effect}
