"""What the rule says where it names directions, and where another namespace's policy is not known."""

from __future__ import annotations

import pytest

from policies.rules.network.default_deny import namespaces_deny_by_default
from tests.policies.rules.cases import changed, judge, noted
from tests.policies.rules.network.cases_default_deny import APPS, DENY, OTHER, TYPES, elsewhere


@pytest.mark.parametrize(
    ("types", "missing"), [(["Ingress"], "Egress"), (["Egress"], "Ingress"), (None, "Ingress and Egress"), ([], "Ingress and Egress")]
)
def test_the_open_directions_are_named(types: list[str] | None, missing: str) -> None:
    ((_, finding),) = judge([namespaces_deny_by_default], [APPS, changed(DENY, {TYPES: types})])
    assert f"denies all {missing} of" in finding.problem
    assert finding.where == "metadata.name = 'apps'"


def test_a_policy_of_another_namespace_that_is_named_later_does_not_count() -> None:
    policy = changed(elsewhere(OTHER), {})
    ((_, finding),) = judge([namespaces_deny_by_default], [APPS, OTHER, policy])
    assert finding.urn == APPS.urn
    assert noted([policy]) == []
