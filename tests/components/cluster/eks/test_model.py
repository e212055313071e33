from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.cluster.eks.model import ClusterSettings, NodeGroupSettings
from components.models.surroundings import Surroundings
from facts.tiers import Tier
from tests.components.cluster.eks.test_cluster import ADMIN, SETTINGS, settings

GROUP = SETTINGS["nodeGroups"]["system"]


@pytest.mark.parametrize("sizes", [(3, 2, 6), (3, 7, 6)])
def test_sizes_out_of_order_are_refused(sizes: tuple[int, int, int]) -> None:
    low, desired, high = sizes
    with pytest.raises(ValidationError, match=f"minSize {low}, desiredSize {desired}, maxSize {high} are out of order"):
        NodeGroupSettings.model_validate({**GROUP, "minSize": low, "desiredSize": desired, "maxSize": high})


def test_a_group_may_have_one_size_and_begins_with_its_least() -> None:
    assert NodeGroupSettings.model_validate({**GROUP, "minSize": 1, "maxSize": 1}).first_size == 1
    assert NodeGroupSettings.model_validate({**GROUP, "minSize": 3, "maxSize": 6}).first_size == 3


@pytest.mark.parametrize(
    "key", ["kubernetes.io/role", "node-role.kubernetes.io/worker", "k8s.io/a", "eks.amazonaws.com/nodegroup", "x.eks.amazonaws.com/a"]
)
def test_labels_and_taints_of_kubernetes_and_eks_are_refused(key: str) -> None:
    for field, value in (("labels", {key: "a"}), ("taints", [{"key": key}])):
        with pytest.raises(ValidationError, match="the key is reserved for Kubernetes or its cloud"):
            NodeGroupSettings.model_validate({**GROUP, field: value})


@pytest.mark.parametrize("key", ["workload", "example.com/kubernetes.io", "mykubernetes.io/a"])
def test_labels_of_other_domains_are_fine(key: str) -> None:
    assert NodeGroupSettings.model_validate({**GROUP, "labels": {key: "a"}}).labels == {key: "a"}


def test_a_taint_may_have_two_effects_but_not_one_twice() -> None:
    two = [{"key": "spot", "effect": "NO_SCHEDULE"}, {"key": "spot", "effect": "NO_EXECUTE"}]
    assert len(NodeGroupSettings.model_validate({**GROUP, "taints": two}).taints) == 2
    with pytest.raises(ValidationError, match="spot has the effect NO_SCHEDULE twice"):
        NodeGroupSettings.model_validate({**GROUP, "taints": [two[0], {**two[0], "value": "other"}]})


def test_one_group_takes_the_pods_that_tolerate_nothing() -> None:
    tainted = {**GROUP, "taints": [{"key": "spot"}]}
    preferring = {**GROUP, "taints": [{"key": "spot", "effect": "PREFER_NO_SCHEDULE"}]}
    assert settings(nodeGroups={"spot": tainted, "general": GROUP})
    assert settings(nodeGroups={"spot": preferring})
    with pytest.raises(ValidationError, match="every group has a taint that keeps pods off"):
        settings(nodeGroups={"spot": tainted, "other": tainted})


@pytest.mark.parametrize(("length", "allowed"), [(41, True), (42, False)])
def test_a_groups_name_leaves_room_for_what_is_put_around_it(length: int, *, allowed: bool) -> None:
    groups = {"g" * length: GROUP}
    if allowed:
        assert settings(nodeGroups=groups)
    else:
        with pytest.raises(ValidationError, match="allowed is a name of up to 41"):
            settings(nodeGroups=groups)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"viewerRoleArns": [ADMIN]}, "is in adminRoleArns too"),
        ({"viewerRoleArns": ["arn:aws:iam::111122223333:role/a"] * 2}, "stands twice"),
        ({"adminRoleArns": []}, "at least 1"),
        ({"adminRoleArns": ["arn:aws:iam:::role/deploy"]}, "allowed is the ARN of an IAM role"),
        ({"publicAccessCidrs": ["0.0.0.0/0"]}, "lets in 4,294,967,296 addresses"),
        ({"publicAccessCidrs": ["11.0.0.0/8", "12.0.0.0/8"]}, "together these let in 33,554,432 addresses"),
        ({"publicAccessCidrs": ["192.168.7.0/24"]}, "is not on the internet"),
        ({"publicAccessCidrs": [f"11.0.{octet}.0/24" for octet in range(41)]}, "at most 40"),
        ({"privateAccessCidrs": ["10.9.0.0/16", "10.9.0.0/16"]}, "stands twice"),
        ({"version": "1.34"}, r"Kubernetes 1\.34 is not supported"),
    ],
)
def test_a_cluster_that_must_not_be_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings(**wrong)


@pytest.mark.parametrize(("region", "allowed"), [("eu-west-1", True), ("us-gov-west-1", False), (None, True), (7, True)])
def test_roles_are_of_the_partition_of_the_region(region: object, *, allowed: bool) -> None:
    surroundings = Surroundings(region=region, tier=Tier.DEV)
    if allowed:
        assert ClusterSettings.model_validate(SETTINGS, context=surroundings)
    else:
        with pytest.raises(ValidationError, match="allowed are roles that begin with arn:aws-us-gov:"):
            ClusterSettings.model_validate(SETTINGS, context=surroundings)
