from __future__ import annotations

import pytest

from components.cluster.eks.node_groups import NodeGroup, NodeGroupError


@pytest.mark.parametrize("sizes", [(0, 1, 1), (3, 2, 6), (3, 7, 6)])
def test_sizes_out_of_order_are_refused(sizes: tuple[int, int, int]) -> None:
    low, desired, high = sizes
    with pytest.raises(NodeGroupError, match=f"group system: sizes {low}, {desired}, {high} .* min_size <= desired_size <= max_size"):
        NodeGroup(name="system", instance_types=["m7i.large"], min_size=low, desired_size=desired, max_size=high)


@pytest.mark.parametrize("unavailable", [0, 7])
def test_more_nodes_than_there_are_or_none_at_all_cannot_be_unavailable(unavailable: int) -> None:
    with pytest.raises(NodeGroupError, match=f"max_unavailable is {unavailable}; allowed are 1 to its max_size of 6"):
        NodeGroup(name="system", instance_types=["m7i.large"], min_size=3, desired_size=3, max_size=6, max_unavailable=unavailable)


def test_a_group_may_have_one_size() -> None:
    group = NodeGroup(name="system", instance_types=["m7i.large"], min_size=1, desired_size=1, max_size=1)
    assert (group.min_size, group.desired_size, group.max_size, group.max_unavailable) == (1, 1, 1, 1)
