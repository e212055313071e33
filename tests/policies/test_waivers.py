from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from policies.waivers import WAIVERS, Ledger, Waiver, WaiverError, load_waivers

GOOD = """
- requirement: PG-002
  resource: "urn:pulumi:staging::*::reporting"
  reason: rebuilt from the primary
  owner: data-platform
  expires: 2027-01-31
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "waivers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> str:
    with pytest.raises(WaiverError) as caught:
        load_waivers(written(folder, text))
    return str(caught.value)


def test_the_file_of_the_repository_is_right() -> None:
    load_waivers()


def test_the_worked_example_of_the_repository_is_right(tmp_path: Path) -> None:
    lines = WAIVERS.read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("# - requirement"))
    example = "\n".join(line.removeprefix("# ") for line in lines[start:] if line.startswith("# "))
    (waiver,) = load_waivers(written(tmp_path, example))
    assert waiver.requirement == "PG-002"


def test_a_waiver_is_read(tmp_path: Path) -> None:
    (waiver,) = load_waivers(written(tmp_path, GOOD))
    assert waiver == Waiver(
        requirement="PG-002",
        resource="urn:pulumi:staging::*::reporting",
        reason="rebuilt from the primary",
        owner="data-platform",
        expires=dt.date(2027, 1, 31),
    )


def test_a_quoted_day_is_a_day(tmp_path: Path) -> None:
    (waiver,) = load_waivers(written(tmp_path, GOOD.replace("2027-01-31", '"2027-01-31"')))
    assert waiver.expires == dt.date(2027, 1, 31)


@pytest.mark.parametrize("text", ["", "[]", "# nothing\n"])
def test_an_empty_file_waives_nothing(tmp_path: Path, text: str) -> None:
    assert load_waivers(written(tmp_path, text)) == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "PG-002",
            "PG-999",
            "[0].requirement: no such requirement; allowed are the ids of requirements.yaml, such as PG-002 (given: 'PG-999')",
        ),
        ("2027-01-31", "2027-02-31", "[0].expires: no date; allowed is a day such as 2027-01-31 (given: '2027-02-31')"),
        ("2027-01-31", "soon", "[0].expires: no date"),
        ("2027-01-31", "20270131", "[0].expires: no date"),
        ("2027-01-31", "2027-01-31 10:00:00", "[0].expires: no date"),
        ("owner: data-platform", "", "[0].owner is missing"),
        ("owner: data-platform", 'owner: "  "', "[0].owner: String should have at least 1 character"),
        ("rebuilt from the primary", '""', "[0].reason: String should have at least 1 character"),
        ("reason:", "because: it is\n  reason:", "[0].because is unknown; allowed are requirement, resource, reason, owner, expires"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in refused(tmp_path, GOOD.replace(old, new))


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    message = refused(tmp_path, GOOD.replace("PG-002", "PG-999") + GOOD.replace("2027-01-31", "soon"))
    assert "[0].requirement" in message
    assert "[1].expires" in message


def test_a_second_waiver_of_the_same_is_refused(tmp_path: Path) -> None:
    assert "[1] waives PG-002 for 'urn:pulumi:staging::*::reporting' a second time" in refused(tmp_path, GOOD + GOOD)


@pytest.mark.parametrize(
    ("text", "says"),
    [("- [", "is no YAML"), ("requirement: PG-002", "holds a dict; allowed is a list"), ("- 3", "[0]"), ("7", "holds a str")],
)
def test_a_file_of_another_form_is_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    message = refused(tmp_path, text)
    assert says in message
    assert "\n" not in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WaiverError, match="cannot be read"):
        load_waivers(tmp_path / "none.yaml")


def waiver(pattern: str = "*", expires: dt.date = dt.date(2027, 1, 31)) -> Waiver:
    return Waiver(requirement="PG-002", resource=pattern, reason="r", owner="o", expires=expires)


@pytest.mark.parametrize(
    ("pattern", "stack", "concerned"),
    [
        ("urn:pulumi:dev::plinth::*", "dev", True),
        ("urn:pulumi:dev::plinth::*", "production", False),
        ("urn:pulumi:prod*::plinth::*", "production", True),
        ("*::reporting", "production", True),
        ("*", "production", True),
    ],
)
def test_a_waiver_concerns_the_stacks_that_its_pattern_names(pattern: str, stack: str, concerned: bool) -> None:  # noqa: FBT001 # a parameter of the table
    assert waiver(pattern).concerns_stack(stack) is concerned


def test_a_waiver_counts_through_its_last_day() -> None:
    last = waiver()
    assert Ledger([last], dt.date(2027, 1, 31)).is_in_force(last)
    assert not Ledger([last], dt.date(2027, 2, 1)).is_in_force(last)


def test_of_several_waivers_the_longest_lasting_counts() -> None:
    short, long = waiver("*it"), waiver("*", dt.date(2028, 1, 1))
    assert Ledger([short, long], dt.date(2027, 6, 1)).find("PG-002", "urn::it") == long
