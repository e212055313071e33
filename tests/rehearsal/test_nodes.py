from __future__ import annotations

import pytest

from rehearsal.errors import PreparationError
from rehearsal.nodes import ZONE, parse_nodes, render_nodes


def test_nodes_are_spread_over_the_zones_and_have_what_pods_may_ask_for() -> None:
    nodes = list(render_nodes(parse_nodes("3x4/16Gi", ["a", "b"]), range(3)))
    assert [node["metadata"]["labels"][ZONE] for node in nodes] == ["a", "b", "a"]
    assert {node["metadata"]["name"] for node in nodes} == {"nodes-0", "nodes-1", "nodes-2"}
    assert nodes[0]["status"]["allocatable"] == {
        "cpu": "4000m",
        "memory": str(16 * 2**30),
        "pods": "110",
        "ephemeral-storage": "64Gi",
    }


@pytest.mark.parametrize("text", ["3", "x4/16Gi", "0x4/16Gi", "3x4", "-1x4/16Gi"])
def test_nodes_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(PreparationError, match="such as"):
        parse_nodes(text, ["a"])
