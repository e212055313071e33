from __future__ import annotations

import dataclasses

import pytest

from facts.tiers import Tier
from policies.catalogue import requirements
from policies.model import Level


def test_the_catalogue_is_whole() -> None:
    catalogue = requirements()
    assert len(catalogue) == 321
    assert all(each.id == key and each.title and each.requirement for key, each in catalogue.items())
    assert {each.severity for each in catalogue.values()} == {"P0", "P1", "P2", "P3"}
    assert {name for each in catalogue.values() for name in each.environments} <= {"all", *(tier.value for tier in Tier)}


def test_entries_are_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        requirements()["PG-002"].title = "other"  # type: ignore[misc]  # the very thing that must fail


@pytest.mark.parametrize(
    ("requirement", "levels"),
    [
        ("PG-004", ["mandatory", "mandatory", "mandatory", "mandatory"]),  # speaks of dev
        ("MSG-001", ["advisory", "advisory", "mandatory", "mandatory"]),  # all tiers
        ("MSG-004", [None, None, None, "mandatory"]),  # production alone
        ("ALERT-024", [None, "mandatory", "mandatory", None]),  # names dev itself
        ("REL-002", [None, "advisory", None, None]),  # asks for no policy
        ("ORG-001", [None, None, None, None]),  # no rule for a stack
    ],
)
def test_a_requirement_counts_by_tier(requirement: str, levels: list[str | None]) -> None:
    expected = [None if level is None else Level(level) for level in levels]
    assert [requirements()[requirement].level_in(tier) for tier in Tier] == expected
