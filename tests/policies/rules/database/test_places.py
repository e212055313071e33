"""PostgreSQL that operators run whose definitions the repository does not have."""

from __future__ import annotations

import pytest

from facts.tiers import Tier
from policies.rules.database.clients import stack_declares_database_for_its_applications
from policies.rules.database.places import OPERATED_TYPES, postgres_is_not_operated_in_the_cluster
from tests.policies.rules.cases import good, judge
from tests.policies.rules.database.cases_clients import CLIENT

METADATA = {"metadata": {"name": "orders", "namespace": "databases"}}


@pytest.mark.parametrize("token", OPERATED_TYPES)
@pytest.mark.parametrize("tier", [Tier.STAGING, Tier.PRODUCTION])
def test_what_another_operator_runs_is_not_managed(token: str, tier: Tier) -> None:
    database = good(token, METADATA, "orders")
    ((_, finding),) = judge([postgres_is_not_operated_in_the_cluster], [database], tier)
    assert (finding.urn, finding.path, finding.value) == (database.urn, "metadata.name", "'orders'")


@pytest.mark.parametrize("token", OPERATED_TYPES)
def test_its_clients_are_not_told_a_second_time(token: str) -> None:
    assert list(judge([stack_declares_database_for_its_applications], [CLIENT, good(token, METADATA, "orders")])) == []
