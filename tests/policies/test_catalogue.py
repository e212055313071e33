from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import pytest
import yaml

from facts.tiers import Tier
from policies.catalogue import CATALOGUE, CLARIFICATIONS, Catalogue, requirements
from policies.findings import Level
from policies.registry import RULES
from tests.tools import ROOT

REVIEWED = ROOT.parent / "shared" / "readiness" / "requirements.yaml"


@cache
def written() -> dict[str, Any]:
    return dict(yaml.load(CATALOGUE.read_bytes(), Loader=yaml.CSafeLoader))


def test_every_entry_of_the_file_is_found_and_read_alike() -> None:
    entries = written()["requirements"]
    assert list(requirements()) == [entry["id"] for entry in entries]
    plain = Catalogue(CATALOGUE.read_text(encoding="utf-8"), {})
    for entry in entries:
        read = dataclasses.asdict(plain[entry["id"]])
        del read["speaks_of_dev"]
        assert read == {key: entry.get(key) for key in read} | {
            "environments": frozenset(entry["environments"]),
            "enforcement": tuple(entry["enforcement"]),
        }


def test_the_catalogue_is_that_of_the_reviews() -> None:
    if not REVIEWED.is_file():
        pytest.skip("the reviews do not lie beside the repository")
    reviewed = yaml.load(REVIEWED.read_bytes(), Loader=yaml.CSafeLoader)
    ours = {entry["id"]: entry for entry in written()["requirements"]}
    theirs = {entry["id"]: entry for entry in reviewed["requirements"]}
    different = [each for each in ours.keys() | theirs.keys() if ours.get(each) != theirs.get(each)]
    assert sorted(different) == []
    assert written() == reviewed


def test_numbers_are_as_the_reviews_have_them() -> None:
    assert "at most 1 lost per 10,000 accepted messages" in requirements()["MSG-003"].requirement
    assert "(2,592,000 s)" in requirements()["SLO-010"].requirement


def test_the_catalogue_is_whole() -> None:
    catalogue = requirements()
    assert len(catalogue) == 321
    assert all(each.id == key and each.title and each.requirement for key, each in catalogue.items())
    assert {each.severity for each in catalogue.values()} == {"P0", "P1", "P2", "P3"}
    assert {name for each in catalogue.values() for name in each.environments} <= {"all", *(tier.value for tier in Tier)}


def test_every_clarification_changes_an_entry() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")
    for key in yaml.safe_load(CLARIFICATIONS.read_text(encoding="utf-8")):
        assert requirements()[key] != Catalogue(text, {})[key], key


def test_an_unknown_id_is_not_an_entry() -> None:
    assert "PG-999" not in requirements()
    with pytest.raises(KeyError):
        requirements()["PG-999"]


def test_entries_are_read_only_where_rules_ask_for_them() -> None:
    catalogue = Catalogue(CATALOGUE.read_text(encoding="utf-8"), {})
    for requirement in dict.fromkeys(each for rule in RULES for each in rule.requirements):
        assert catalogue[requirement].id == requirement
    assert len(catalogue._read) < len(catalogue)


def test_entries_are_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        requirements()["PG-002"].title = "other"  # type: ignore[misc]  # the very thing that must fail


@pytest.mark.parametrize(
    ("requirement", "levels"),
    [
        ("PG-004", ["mandatory", "mandatory", "mandatory", "mandatory"]),  # speaks of dev
        ("MSG-001", ["advisory", "advisory", "mandatory", "mandatory"]),  # all tiers
        ("MSG-004", [None, None, None, "mandatory"]),  # production alone
        ("POD-003", [None, None, None, "mandatory"]),  # its enforcement narrows its tiers
        ("SEC-003", [None, None, "mandatory", "mandatory"]),  # a clarification widens its tiers
        ("ALERT-024", [None, "mandatory", "mandatory", None]),  # names dev itself
        ("REL-002", [None, "advisory", None, None]),  # asks for no policy
        ("ORG-001", [None, None, None, None]),  # not a rule for a stack
    ],
)
def test_a_requirement_counts_by_tier(requirement: str, levels: list[str | None]) -> None:
    expected = [None if level is None else Level(level) for level in levels]
    assert [requirements()[requirement].level_in(tier) for tier in Tier] == expected
