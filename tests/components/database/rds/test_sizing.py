from __future__ import annotations

import pytest

from components.database.rds.sizing import GIB, DatabaseLimits, InstanceClassError, max_connections, memory_bytes


@pytest.mark.parametrize(
    ("instance_class", "gib"),
    [
        ("db.t4g.micro", 1),
        ("db.t3.small", 2),
        ("db.t4g.medium", 4),
        ("db.t4g.large", 8),
        ("db.t4g.xlarge", 16),
        ("db.m7g.large", 8),
        ("db.m6id.2xlarge", 32),
        ("db.m7i.16xlarge", 256),
        ("db.r7g.large", 16),
        ("db.r6gd.xlarge", 32),
        ("db.r8g.24xlarge", 768),
    ],
)
def test_memory_is_that_of_the_instance_class(instance_class: str, gib: int) -> None:
    assert memory_bytes(instance_class) == gib * GIB


@pytest.mark.parametrize("instance_class", ["db.x2g.large", "m7g.large", "db.m7g.medium", "db.m7g", "db.r7g.0xlarge", "db.t4g.nano", ""])
def test_a_class_of_unknown_memory_is_refused_with_examples(instance_class: str) -> None:
    with pytest.raises(InstanceClassError, match=r"such as db\.t4g\.small or db\.m7g\.large"):
        memory_bytes(instance_class)


@pytest.mark.parametrize(("instance_class", "connections"), [("db.t4g.micro", 112), ("db.m7g.large", 901), ("db.r7g.4xlarge", 5000)])
def test_connections_follow_from_the_memory_up_to_five_thousand(instance_class: str, connections: int) -> None:
    assert max_connections(instance_class) == connections


def test_limits_are_those_of_the_connections_but_five_and_a_tenth_of_the_storage() -> None:
    limits = DatabaseLimits(max_connections=901, allocated_gib=100, grows=True)
    assert limits.connections.last == 896
    assert limits.low_storage_bytes == 10 * GIB
