from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from policies.ledger import Ledger
from policies.waivers import WAIVERS, Waiver, WaiverError, load_waivers, suggest_waivers

TODAY = dt.date(2026, 12, 1)

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
        load_waivers(written(folder, text), TODAY)
    return str(caught.value)


def test_the_file_of_the_repository_is_right() -> None:
    load_waivers()


def test_the_worked_example_of_the_repository_is_right(tmp_path: Path) -> None:
    lines = WAIVERS.read_text(encoding="utf-8").splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("# - requirement"))
    example = "\n".join(line.removeprefix("# ") for line in lines[start:] if line.startswith("# "))
    (waiver,) = load_waivers(written(tmp_path, example), TODAY)
    assert waiver.requirement == "PG-002"


def test_a_waiver_is_read(tmp_path: Path) -> None:
    (waiver,) = load_waivers(written(tmp_path, GOOD), TODAY)
    assert waiver == Waiver(
        requirement="PG-002",
        resource="urn:pulumi:staging::*::reporting",
        reason="rebuilt from the primary",
        owner="data-platform",
        expires=dt.date(2027, 1, 31),
    )


def test_a_quoted_day_is_a_day(tmp_path: Path) -> None:
    (waiver,) = load_waivers(written(tmp_path, GOOD.replace("2027-01-31", '"2027-01-31"')), TODAY)
    assert waiver.expires == dt.date(2027, 1, 31)


@pytest.mark.parametrize("text", ["", "[]", "# nothing\n"])
def test_an_empty_file_waives_nothing(tmp_path: Path, text: str) -> None:
    assert load_waivers(written(tmp_path, text)) == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "PG-002",
            "XX-999",
            "2:3: [0].requirement: there is no such requirement; allowed are the ids of requirements.yaml, such as PG-002 (given",
        ),
        ("PG-002", "pg-002", "2:3: [0].requirement: there is no such requirement; did you mean PG-002? (given: 'pg-002')"),
        ("PG-002", "[PG-002, PG-005]", "2:3: [0].requirement is a list; allowed is a text"),
        ("PG-002", "", "2:3: [0].requirement: there is no such requirement"),
        ("2027-01-31", "2027-02-31", "6:3: [0].expires: is not a date; allowed is a day such as 2027-01-31 (given: '2027-02-31')"),
        ("2027-01-31", "soon", "6:3: [0].expires: is not a date"),
        ("2027-01-31", "20270131", "6:3: [0].expires: is not a date"),
        ("2027-01-31", "2027-01-31 10:00:00", "6:3: [0].expires: is not a date"),
        ("2027-01-31", "[2027-01-31]", "6:3: [0].expires: is not a date"),
        ("2027-01-31", "2027-05-31", "6:3: [0].expires: is more than 180 days ahead; allowed is a day up to 2027-05-30"),
        ("2027-01-31", "9999-12-31", "6:3: [0].expires: is more than 180 days ahead"),
        ("  owner: data-platform", "", "2:3: [0].owner is missing"),
        ("data-platform", '"  "', "5:3: [0].owner is empty; allowed is a text"),
        ("data-platform", "{team: data}", "5:3: [0].owner is a mapping; allowed is a text"),
        ("rebuilt from the primary", '""', "4:3: [0].reason is empty; allowed is a text"),
        (
            "reason:",
            "because: it is\n  reason:",
            "4:3: [0].because is unknown; allowed are requirement, resource, reason, owner, approvedBy, expires",
        ),
        ("owner:", "approved_by: me\n  owner:", "5:3: [0].approved_by is unknown"),
        ("owner:", "approvedBy: Data-Platform\n  owner:", "2:3: [0]: approvedBy is the owner; allowed is somebody else"),
        ("owner:", "reason: again\n  owner:", "5:3: the key 'reason' stands here twice"),
    ],
)
def test_a_wrong_field_is_named_with_its_line_and_what_is_allowed(tmp_path: Path, old: str, new: str, says: str) -> None:
    message = refused(tmp_path, GOOD.replace(old, new))
    assert message.startswith(f"{tmp_path.name}/waivers.yaml:{says}")
    assert "\n" not in message
    assert not {"dict", "Waiver", "unicode"} & set(message.replace("<", " ").split())


EVERYTHING = "names every resource; allowed is a URN or a glob that names a type or a name"


@pytest.mark.parametrize(
    "pattern",
    ["*", "**", "?*", "[a-z]*", "urn:pulumi:*", "urn:pulumi:staging::*", "urn:pulumi:staging::plinth::*", "urn:pulumi:*::*::*::*", "*::*"],
)
def test_a_pattern_that_names_every_resource_is_refused(tmp_path: Path, pattern: str) -> None:
    assert EVERYTHING in refused(tmp_path, GOOD.replace("urn:pulumi:staging::*::reporting", pattern))


@pytest.mark.parametrize(
    "pattern",
    [
        "*reporting*",
        "*::reporting",
        "urn:pulumi:*::plinth::*::reporting",
        "urn:pulumi:staging::*aws:rds/instance:Instance::*",
        "urn:pulumi:staging::plinth::plinth:database:Postgres$aws:rds/instance:Instance::reporting-primary",
    ],
)
def test_a_pattern_that_names_a_type_or_a_name_is_taken(tmp_path: Path, pattern: str) -> None:
    (waiver,) = load_waivers(written(tmp_path, GOOD.replace("urn:pulumi:staging::*::reporting", pattern)), TODAY)
    assert waiver.resource == pattern


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    message = refused(tmp_path, GOOD.replace("PG-002", "PG-999") + GOOD.replace("2027-01-31", "soon"))
    first, second = message.splitlines()
    assert ":2:3: [0].requirement" in first
    assert ":12:3: [1].expires" in second


def test_a_second_waiver_of_the_same_is_refused(tmp_path: Path) -> None:
    assert ":8:3: [1] waives PG-002 for 'urn:pulumi:staging::*::reporting' a second time" in refused(tmp_path, GOOD + GOOD)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- [", ":1:4: is not valid YAML"),
        ("requirement: PG-002", " holds a mapping; allowed is a list of waivers with requirement, resource,"),
        ("{}", " holds a mapping; allowed is a list of waivers with requirement,"),
        ("- 3", ":1:3: [0] is a text; allowed is a mapping with requirement,"),
        ("-", ":1:2: [0] is a text; allowed is a mapping with requirement,"),
        ("7", " holds a text"),
        ("- &a [*a]", ":1:7: the alias *a stands inside of what it names"),
    ],
)
def test_a_file_of_another_form_is_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    message = refused(tmp_path, text)
    assert f"waivers.yaml{says}" in message
    assert "\n" not in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WaiverError, match="cannot be read"):
        load_waivers(tmp_path / "none.yaml")


def waiver(pattern: str = "*it", expires: dt.date = dt.date(2027, 1, 31)) -> Waiver:
    return Waiver(requirement="PG-002", resource=pattern, reason="r", owner="o", expires=expires)


@pytest.mark.parametrize(
    ("pattern", "stack", "concerned"),
    [
        ("urn:pulumi:dev::plinth::*::it", "dev", True),
        ("urn:pulumi:dev::plinth::*::it", "production", False),
        ("urn:pulumi:prod*::plinth::*::it", "production", True),
        ("*::reporting", "production", True),
        ("*it", "production", True),
    ],
)
def test_a_waiver_concerns_the_stacks_that_its_pattern_names(pattern: str, stack: str, concerned: bool) -> None:  # noqa: FBT001 # a parameter of the table
    assert waiver(pattern).concerns_stack(stack) is concerned


def ledger(*waivers: Waiver, today: dt.date, in_production: bool = False) -> Ledger:
    return Ledger(waivers=waivers, today=today, stack="dev", in_production=in_production)


def test_a_waiver_counts_through_its_last_day() -> None:
    last = waiver()
    assert ledger(last, today=dt.date(2027, 1, 31)).lapse(last) is None
    assert ledger(last, today=dt.date(2027, 2, 1)).lapse(last) == "expired on 2027-01-31"


def test_of_several_waivers_the_longest_lasting_counts() -> None:
    short, long = waiver("*it"), waiver("*::it", dt.date(2028, 1, 1))
    assert ledger(short, long, today=dt.date(2027, 6, 1)).find("PG-002", "urn::it") == long


def test_a_suggested_waiver_wants_what_only_a_person_can_say(tmp_path: Path) -> None:
    urn = 'urn:pulumi:production::plinth::a:b:C::it[0] "x"'
    text = suggest_waivers(["PG-002", "GITOPS-007"], urn, TODAY, in_production=True)
    assert [line.split(":")[0] for line in text.splitlines()].count("  approvedBy") == 1
    assert {problem.split("].")[1] for problem in refused(tmp_path, text).splitlines()} == {
        f"{field} is empty; allowed is a text" for field in ("reason", "owner", "approvedBy")
    }
    filled = text.replace("reason:", "reason: r").replace("owner:", "owner: o").replace("approvedBy:", "approvedBy: b")
    first, second = load_waivers(written(tmp_path, filled), TODAY)
    assert (first.requirement, first.owner, first.approved_by) == ("PG-002", "o", "b")
    assert (second.requirement, second.approved_by) == ("GITOPS-007", None)
    assert ledger(first, second, today=TODAY, in_production=True).find("PG-002", urn) == first
