from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from components.tenancy.footprint import Footprint
from components.tenancy.namespaces import Namespace, NamespaceArgs
from components.tenancy.traffic import TrafficError, calls, dns
from tests.components.recorded import of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = NamespaceArgs(
    namespace="shop-production",
    quota=Footprint(cpu=Decimal(8), memory=16 * 2**30, memory_limit=32 * 2**30, pods=50, storage=100 * 2**30, claims=5),
    traffic=[dns(), calls("messaging", 4222)],
    annotations={"platform/rpo-method": "pitr"},
)
NAMESPACE = "kubernetes:core/v1:Namespace"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: Namespace("shop", ARGS))


def test_pods_are_held_to_the_restricted_standard(run: Run) -> None:
    metadata = the(run, NAMESPACE, "shop-namespace").inputs["metadata"]
    assert metadata["name"] == "shop-production"
    assert metadata["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert metadata["labels"]["pod-security.kubernetes.io/enforce-version"] == "latest"
    assert metadata["annotations"] == {"platform/rpo-method": "pitr"}


def test_all_traffic_is_denied_that_is_not_allowed(run: Run) -> None:
    inputs = the(run, POLICY, "shop-default-deny").inputs
    assert inputs["metadata"]["namespace"] == "shop-production"
    assert inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_each_traffic_rule_is_a_policy_of_its_own(run: Run) -> None:
    policies = {policy.inputs["metadata"]["name"]: policy.inputs["metadata"]["namespace"] for policy in of_type(run, POLICY)}
    assert policies == dict.fromkeys(["default-deny", "allow-dns", "allow-to-messaging"], "shop-production")


def test_a_rule_that_two_parts_of_a_namespace_ask_for_is_one_policy(preview: Preview) -> None:
    run = preview(lambda: Namespace("shop", replace(ARGS, traffic=[dns(), dns()])))
    assert [policy.name for policy in of_type(run, POLICY)] == ["shop-default-deny", "shop-allow-dns"]


def test_two_rules_of_one_name_that_differ_are_refused(preview: Preview) -> None:
    rules = [calls("messaging", 4222), calls("messaging", 5671)]
    with pytest.raises(TrafficError, match="two rules of traffic are called to-messaging"):
        preview(lambda: Namespace("shop", replace(ARGS, traffic=rules)))


def test_the_quota_bounds_processors_memory_pods_and_storage(run: Run) -> None:
    assert the(run, "kubernetes:core/v1:ResourceQuota", "shop-quota").inputs["spec"]["hard"] == {
        "requests.cpu": "8",
        "requests.memory": "16Gi",
        "limits.memory": "32Gi",
        "pods": "50",
        "requests.storage": "100Gi",
        "persistentvolumeclaims": "5",
    }


def test_containers_that_state_nothing_get_requests_and_a_memory_limit(run: Run) -> None:
    (limits,) = the(run, "kubernetes:core/v1:LimitRange", "shop-limits").inputs["spec"]["limits"]
    assert limits == {"type": "Container", "defaultRequest": {"cpu": "50m", "memory": "64Mi"}, "default": {"memory": "256Mi"}}


def test_everything_waits_for_the_namespace(run: Run) -> None:
    namespace = the(run, NAMESPACE, "shop-namespace")
    others = [resource for resource in run.resources if resource.parent == namespace.parent and resource.urn != namespace.urn]
    assert len(others) == 5
    assert all(namespace.urn in resource.dependencies for resource in others)
