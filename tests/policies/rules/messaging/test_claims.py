from __future__ import annotations

import pytest

from policies.model import Resource, Rule
from policies.rules.messaging.nats_servers import nats_servers_have_disruption_budget, nats_servers_spread_over_zones
from policies.rules.messaging.streams import nats_stream_has_three_replicas, nats_stream_is_stored_on_disk
from tests.policies.rules.cases import changed, judge
from tests.policies.rules.messaging.good import NATS, RPO, SERVERS, SPREAD, STREAM

RULES: list[Rule] = [
    nats_servers_spread_over_zones,
    nats_servers_have_disruption_budget,
    nats_stream_has_three_replicas,
    nats_stream_is_stored_on_disk,
]
LOSSY = changed(STREAM, {RPO: "5m"})
UNSPREAD = changed(NATS, {SPREAD: None})
UNBUDGETED = changed(NATS, {"values.podDisruptionBudget.enabled": False})
OWN_CLAIM = {"values.global": {"labels": {"platform/rpo": "0"}}}


def requirements_of(*resources: Resource) -> list[tuple[str, ...]]:
    return [finding.requirements or rule.requirements for rule, finding in judge(RULES, resources)]


@pytest.mark.parametrize("shortcoming", [{"spec.replicas": 1.0}, {"spec.storage": "memory"}], ids=str)
def test_what_a_stream_lacks_is_of_its_recovery_target_only_where_it_claims_to_lose_nothing(shortcoming: dict[str, object]) -> None:
    (claimed,) = requirements_of(changed(STREAM, shortcoming))
    (otherwise,) = requirements_of(changed(LOSSY, shortcoming))
    assert claimed == (*otherwise, "DR-001")


@pytest.mark.parametrize(
    "servers", [UNSPREAD, UNBUDGETED, changed(SERVERS, {"metadata.namespace": "other"})], ids=["spread", "budget", "pods"]
)
def test_what_servers_lack_is_of_the_recovery_target_only_where_a_stream_of_theirs_claims_to_lose_nothing(servers: Resource) -> None:
    # Beside plain servers no budget stands.
    (claimed,) = requirements_of(servers, STREAM)
    (otherwise,) = requirements_of(servers, LOSSY)
    assert claimed == (*otherwise, "DR-001")


def test_servers_may_claim_to_lose_nothing_themselves() -> None:
    assert requirements_of(changed(UNSPREAD, OWN_CLAIM)) == [("MSG-008", "DR-001")]


def test_too_many_copies_lose_nothing() -> None:
    assert requirements_of(changed(STREAM, {"spec.replicas": 5.0})) == [("MSG-008",)]
