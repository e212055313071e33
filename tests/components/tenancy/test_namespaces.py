from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.tenancy.namespaces import Namespace, NamespaceArgs, PodSecurity, Quota, pod_security_labels
from components.tenancy.traffic import calls, dns
from tests.components.recorded import of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = NamespaceArgs(
    namespace="shop-production",
    quota=Quota(cpu_requests="8", memory_requests="16Gi", memory_limits="32Gi", pods=50, storage="100Gi", volume_claims=5),
    allowances=[dns(), calls("messaging", 4222)],
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


def test_where_less_is_enforced_restricted_is_still_warned_of_and_audited() -> None:
    found = pod_security_labels(PodSecurity.PRIVILEGED)
    assert found["pod-security.kubernetes.io/enforce"] == "privileged"
    assert found["pod-security.kubernetes.io/warn"] == found["pod-security.kubernetes.io/audit"] == "restricted"


def test_all_traffic_is_denied_that_is_not_allowed(run: Run) -> None:
    inputs = the(run, POLICY, "shop-default-deny").inputs
    assert inputs["metadata"]["namespace"] == "shop-production"
    assert inputs["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_each_traffic_rule_is_a_policy_of_its_own(run: Run) -> None:
    policies = {policy.inputs["metadata"]["name"]: policy.inputs["metadata"]["namespace"] for policy in of_type(run, POLICY)}
    assert policies == dict.fromkeys(["default-deny", "allow-dns", "allow-to-messaging"], "shop-production")


def test_names_can_be_looked_up_unless_that_is_taken_away(preview: Preview) -> None:
    default = NamespaceArgs(namespace="shop", quota=ARGS.quota)
    run = preview(lambda: Namespace("shop", default))
    assert the(run, POLICY, "shop-allow-dns")
    run = preview(lambda: Namespace("shop", replace(default, allowances=[])))
    assert [policy.name for policy in of_type(run, POLICY)] == ["shop-default-deny"]


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
