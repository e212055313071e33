from __future__ import annotations

from decimal import Decimal
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from components.pods import parse_resources
from components.tenancy.footprint import EXPANSION, NOTHING, Footprint, daemon_set, deployment, pod, stateful_set
from facts.quantity import parse_quantity

GIB: Final = 2**30
BROKER: Final = pod(parse_resources("2", "8Gi"), parse_resources("10m", "32Mi", memory_limit="64Mi"))
FOOTPRINTS: Final = st.builds(
    Footprint,
    cpu=st.integers(0, 10**6).map(lambda thousandths: Decimal(thousandths) / 1000),
    memory=st.integers(0, 2**50),
    memory_limit=st.integers(0, 2**50),
    pods=st.integers(0, 1000),
    storage=st.integers(0, 2**60),
    claims=st.integers(0, 1000),
)


@given(FOOTPRINTS, FOOTPRINTS, FOOTPRINTS)
def test_it_does_not_matter_in_which_order_footprints_are_added(one: Footprint, two: Footprint, three: Footprint) -> None:
    assert one + two == two + one
    assert (one + two) + three == one + (two + three)
    assert sum([one], NOTHING) == one


@given(FOOTPRINTS, st.integers(0, 9))
def test_so_many_of_one_are_as_much_as_their_sum(one: Footprint, count: int) -> None:
    assert one * count == sum([one] * count, NOTHING)


@given(FOOTPRINTS)
def test_a_quota_holds_what_it_was_made_from_to_the_byte(one: Footprint) -> None:
    held = {key: parse_quantity(amount) for key, amount in one.hard().items()}
    assert held == {
        "requests.cpu": one.cpu,
        "requests.memory": one.memory,
        "limits.memory": one.memory_limit,
        "pods": one.pods,
        "requests.storage": one.storage,
        "persistentvolumeclaims": one.claims,
    }


def test_a_pod_asks_for_what_its_containers_ask_for_together() -> None:
    assert Footprint(cpu=Decimal("2.01"), memory=8 * GIB + 32 * 2**20, memory_limit=8 * GIB + 64 * 2**20, pods=1) == BROKER


@given(st.integers(1, 9))
def test_every_replica_of_a_deployment_may_have_its_successor_beside_it(replicas: int) -> None:
    assert deployment(BROKER, replicas) == BROKER * (2 * replicas)


@given(st.integers(1, 9), st.integers(1, 2**40))
def test_all_volumes_of_a_stateful_set_may_be_expanded_while_one_of_them_is_restored(replicas: int, volume: int) -> None:
    needed = stateful_set(BROKER, volume, replicas)
    running = BROKER * replicas + Footprint(storage=volume * replicas, claims=replicas)
    expanded = running + Footprint(storage=volume * replicas * (EXPANSION - 1))
    restored = BROKER + Footprint(storage=volume, claims=1)
    held = {key: parse_quantity(amount) for key, amount in needed.hard().items()}
    assert all(parse_quantity(amount) <= held[key] for key, amount in (expanded + restored).hard().items())


def test_there_is_an_agent_for_each_node() -> None:
    assert daemon_set(BROKER, 7) == BROKER * 7
