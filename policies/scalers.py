"""What scales a workload: HorizontalPodAutoscalers and KEDA's ScaledObjects, and how few pods they leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies.model import Resource
from policies.namespaces import declared_namespace
from policies.urns import type_of
from policies.values import UNKNOWN, Value
from policies.workloads import kind_of

AUTOSCALER_TYPES: Final = tuple(
    f"kubernetes:autoscaling/{version}:HorizontalPodAutoscaler" for version in ("v1", "v2", "v2beta1", "v2beta2")
)
SCALED_OBJECT: Final = "kubernetes:keda.sh/v1alpha1:ScaledObject"
SCALER_TYPES: Final = (*AUTOSCALER_TYPES, SCALED_OBJECT)

_LATER: Final = "where a name is unknown, the dependency on the workload tells"


def least_replicas(scaler: Resource) -> tuple[Value, int]:
    """Where a scaler holds the fewest pods that it leaves, and their number where nothing stands there."""
    return (scaler.at("spec.minReplicaCount"), 0) if scaler.type == SCALED_OBJECT else (scaler.at("spec.minReplicas"), 1)


def scaling(workload: Resource, scalers: Sequence[Resource]) -> list[Resource]:
    """The scalers that may scale a workload: those that name its kind and name in its namespace.

    Where a name is unknown, the dependency tells; where that says nothing either, the unknown is noted.
    """
    return [each for each in scalers if _may_scale(each, workload)]


def _may_scale(scaler: Resource, workload: Resource) -> bool:
    home, own = declared_namespace(scaler), declared_namespace(workload)
    target = scaler.at("spec.scaleTargetRef")
    if (home is not None and own is not None and home != own) or not target["kind"].may_equal(kind_of(workload), default="Deployment"):
        return False
    named, name = target["name"].peek(_LATER), workload.at("metadata.name").peek(_LATER)
    if isinstance(named, str) and isinstance(name, str):
        return named == name
    if workload.urn in scaler.dependencies:
        return True
    if any(type_of(urn) == workload.type for urn in scaler.dependencies):
        return False
    return named is UNKNOWN and target["name"].is_unknown
