"""What the product's stacks need of a cluster."""

from __future__ import annotations

from decimal import Decimal

import pytest

from doctor.needs import BROUGHT, Room, needs_of
from facts.quantity import parse_quantity
from facts.tiers import Tier
from tests.runs import run_of

GIB = 2**30


def test_a_stack_needs_the_sum_of_its_quotas() -> None:
    needs = needs_of(run_of("dev"), tier=Tier.DEV, release="1.36", offer=None)
    hard = [each.inputs["spec"]["hard"] for each in run_of("dev").resources if each.type.endswith(":ResourceQuota")]
    assert len(hard) == len(needs.namespaces) > 3
    assert needs.room.cpu == sum(parse_quantity(each["requests.cpu"]) for each in hard)
    assert needs.room.memory == sum(parse_quantity(each["requests.memory"]) for each in hard)
    assert needs.room.pods == sum(parse_quantity(each["pods"]) for each in hard)


def test_a_stack_needs_what_it_names_and_does_not_create() -> None:
    needs = needs_of(run_of("production"), tier=Tier.PRODUCTION, release="1.36", offer=None)
    assert needs.storage_classes == frozenset()
    assert needs.creates_snapshot_class
    assert needs.asked == {"snapshot.storage.k8s.io"}
    assert needs.brought == {"cert-manager.io", "jetstream.nats.io", "monitoring.coreos.com", "rabbitmq.com", "velero.io"}
    assert ("messaging", "nats") in needs.releases
    assert needs.priority_classes
    assert ("networking.k8s.io/v1", "NetworkPolicy", "messaging") in needs.kinds
    assert ("v1", "Namespace", None) in needs.kinds
    assert "10.16.0.0/16" not in needs.cidrs
    assert all("/" in cidr for cidr in needs.cidrs)
    assert needs.cidrs


@pytest.mark.parametrize(("stack", "wanted"), [("dev", False), ("production", True)])
def test_only_pods_that_must_be_spread_over_zones_need_them(stack: str, *, wanted: bool) -> None:
    assert needs_of(run_of(stack), tier=Tier.DEV, release="1.36", offer=None).needs_zones is wanted


def test_the_largest_container_is_among_what_is_written() -> None:
    needs = needs_of(run_of("production"), tier=Tier.PRODUCTION, release="1.36", offer=None)
    assert Decimal(1) <= needs.largest.cpu <= needs.room.cpu
    assert GIB <= needs.largest.memory <= needs.room.memory
    assert needs.largest.pods == Room().pods


def test_charts_that_bring_definitions_are_those_that_the_platform_installs() -> None:
    from components import charts as pinned  # noqa: PLC0415

    assert {chart.name for chart in vars(pinned).values() if isinstance(chart, pinned.Chart)} >= BROUGHT.keys()
