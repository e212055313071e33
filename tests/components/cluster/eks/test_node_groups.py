from __future__ import annotations

from components.cluster.eks.model import NodeGroupSettings
from components.cluster.eks.node_groups import most_nodes

THREE = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


def group(**other: object) -> NodeGroupSettings:
    return NodeGroupSettings.model_validate({"instanceTypes": ["m7i.large"], "minSize": 1, "maxSize": 10, **other})


def test_an_update_adds_up_to_two_nodes_in_each_zone_of_a_group() -> None:
    assert most_nodes([group()], THREE) == 10 + 2 * 3
    assert most_nodes([group(), group(zones=["eu-west-1a"])], THREE) == 16 + 10 + 2
