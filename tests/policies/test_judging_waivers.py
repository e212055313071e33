from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies import analyzer as analyzer_module
from policies.analyzer import Analyzer, default_analyzer
from policies.findings import Finding, Findings
from policies.model import Resource, Stack
from policies.waivers import Waiver, WaiverError
from tests.policies.requests import DATABASE, UNKNOWN_TEXT, analyze, analyze_stack, configure, rule, urn_of

TODAY = dt.date(2026, 6, 1)
PROBLEM = "it is wrong (multiAz = false). Set multiAz to true."


def waiver(
    requirement: str = "PG-002",
    pattern: str = urn_of(DATABASE),
    expires: dt.date = dt.date(2027, 1, 1),
    approved_by: str | None = "platform",
) -> Waiver:
    return Waiver(requirement=requirement, resource=pattern, reason="a replica", owner="data", approved_by=approved_by, expires=expires)


def check_zones(resource: Resource, _: Stack) -> Iterator[Finding]:
    yield from resource["multiAz"].must_be_true("it is wrong")


def judging(*waivers: Waiver, requirements: tuple[str, ...] = ("PG-002",), stack: str = "production") -> Analyzer:
    analyzer = Analyzer([rule(check_zones, *requirements)], waivers=waivers, today=TODAY)
    configure(analyzer, stack)
    return analyzer


def test_a_waiver_in_force_makes_the_violation_an_advisory_line_that_says_so() -> None:
    analyzer = judging(waiver())
    assert analyze(analyzer, {"multiAz": False}) == [("advisory", f"[PG-002] waived until 2027-01-01 by data (a replica): {PROBLEM}")]
    assert analyze_stack(analyzer) == []


def test_a_waiver_of_another_resource_or_requirement_changes_nothing() -> None:
    analyzer = judging(waiver(pattern=urn_of(DATABASE, "other")), waiver("PG-005"))
    assert analyze(analyzer, {"multiAz": False}) == [("mandatory", f"[PG-002] {PROBLEM}")]


def test_a_waiver_covers_its_own_requirement_alone() -> None:
    analyzer = judging(waiver("PG-002"), requirements=("PG-002", "GITOPS-007", "MSG-001"))
    assert analyze(analyzer, {"multiAz": False}) == [("mandatory", f"[MSG-001] {PROBLEM}")]


def test_a_finding_whose_requirements_are_all_waived_is_waived_until_the_first_of_them_ends() -> None:
    analyzer = judging(waiver("PG-002"), waiver("MSG-001", expires=dt.date(2026, 7, 1)), requirements=("PG-002", "MSG-001"))
    assert analyze(analyzer, {"multiAz": False}) == [
        ("advisory", f"[PG-002 MSG-001] waived until 2026-07-01 by data (a replica): {PROBLEM}")
    ]


def test_an_expired_waiver_leaves_the_violation_and_says_so_there_and_at_the_end() -> None:
    analyzer = judging(waiver(expires=dt.date(2026, 5, 31)))
    assert analyze(analyzer, {"multiAz": False}) == [("mandatory", f"[PG-002] {PROBLEM} Its waiver by data expired on 2026-05-31.")]
    assert analyze_stack(analyzer) == [
        ("advisory", f"[PG-002] the waiver of {urn_of(DATABASE)} by data expired on 2026-05-31. Remove it or mend it.")
    ]


def test_a_waiver_that_nothing_needs_is_reported_in_its_own_stack_alone() -> None:
    analyzer = judging(waiver())
    assert analyze(analyzer, {"multiAz": True}) == []
    ((level, message),) = analyze_stack(analyzer)
    assert level == "advisory"
    assert message.startswith(f"[PG-002] the waiver of {urn_of(DATABASE)} by data waives nothing")
    configure(analyzer, "staging")
    assert analyze_stack(analyzer) == []


def test_an_undecided_rule_needs_its_waiver_too() -> None:
    analyzer = judging(waiver())
    configure(analyzer, "production", {"plinth:policies": '{"undecided": "mandatory"}'})
    ((level, message),) = analyze(analyzer, {"multiAz": UNKNOWN_TEXT})
    assert level == "advisory"
    assert message.startswith("[PG-002] waived until 2027-01-01 by data (a replica): undecided: multiAz")
    assert analyze_stack(analyzer) == []


def test_in_production_a_p0_requirement_needs_a_second_owner() -> None:
    lacking = "lacks approvedBy: PG-002 is P0, which needs a second owner in production"
    analyzer = judging(waiver(approved_by=None))
    assert analyze(analyzer, {"multiAz": False}) == [("mandatory", f"[PG-002] {PROBLEM} Its waiver by data {lacking}.")]
    assert analyze_stack(analyzer) == [("advisory", f"[PG-002] the waiver of {urn_of(DATABASE)} by data {lacking}. Remove it or mend it.")]


@pytest.mark.parametrize(("requirement", "stack"), [("MSG-001", "staging"), ("GITOPS-007", "dev")])
def test_elsewhere_one_owner_is_enough(requirement: str, stack: str) -> None:
    analyzer = judging(waiver(requirement, "*::it", approved_by=None), requirements=(requirement,), stack=stack)
    ((level, message),) = analyze(analyzer, {"multiAz": False})
    assert level == "advisory"
    assert message.startswith(f"[{requirement}] waived until")


def test_of_several_waivers_one_in_force_counts() -> None:
    analyzer = judging(waiver(approved_by=None), waiver(pattern="*::it", expires=dt.date(2026, 7, 1)))
    ((level, message),) = analyze(analyzer, {"multiAz": False})
    assert (level, message.split(" by ")[0]) == ("advisory", "[PG-002] waived until 2026-07-01")


def test_a_waiver_of_a_stack_that_does_not_exist_is_reported_in_every_stack() -> None:
    misspelt = waiver(pattern="urn:pulumi:prodution::plinth::*::it")
    analyzer = Analyzer([rule(check_zones)], waivers=[misspelt], today=TODAY, known_stacks=["dev", "production"])
    for stack in ("dev", "production"):
        configure(analyzer, stack)
        ((level, message),) = analyze_stack(analyzer)
        assert level == "advisory"
        assert "names the stack 'prodution', which has no file (did you mean 'production'?). Remove it or mend it." in message
    configure(analyzer, "prodution")
    ((_, message),) = analyze_stack(analyzer)
    assert "waives nothing" in message


def test_a_waiver_of_another_stack_that_exists_is_not_reported() -> None:
    analyzer = Analyzer([rule(check_zones)], waivers=[waiver()], today=TODAY, known_stacks=["dev", "production"])
    configure(analyzer, "dev")
    assert analyze_stack(analyzer) == []


def test_what_waivers_say_cannot_move_the_terminal() -> None:
    hostile = Waiver(
        requirement="PG-002",
        resource="*::it",
        reason="a\x1b[2Jb\nc",
        owner="d\u202ee",
        approved_by="platform",
        expires=dt.date(2027, 1, 1),
    )
    ((_, message),) = analyze(judging(hostile), {"multiAz": False})
    assert message.startswith("[PG-002] waived until 2027-01-01 by d\\u202ee (a\\x1b[2Jb c): ")


def test_what_names_say_stays_on_its_line() -> None:
    def check_tags(resource: Resource, _: Stack) -> Findings:
        for name, value in resource["tags"].items():
            yield from value.refuse(f"{name} is wrong", "Remove it")

    analyzer = Analyzer([rule(check_tags)], today=TODAY)
    configure(analyzer, "production")
    ((_, message),) = analyze(analyzer, {"tags": {"a\nViolations (0)\x1b[2J": "b"}})
    assert "a\\nViolations (0)\\x1b[2J is wrong" in message
    assert "\n" not in message


def test_a_wrong_file_of_waivers_is_one_mandatory_diagnostic_for_each_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path = Path()) -> tuple[Waiver, ...]:
        raise WaiverError(["waivers.yaml:1:3: [0].owner is missing", "waivers.yaml:2:3: the key 'owner' stands here twice"])

    monkeypatch.setattr(analyzer_module, "load_waivers", broken)
    analyzer = default_analyzer()
    configure(analyzer, "dev")
    assert analyze(analyzer, {"engine": "mysql"}, "a:b:C") == [
        ("mandatory", "waivers.yaml:1:3: [0].owner is missing"),
        ("mandatory", "waivers.yaml:2:3: the key 'owner' stands here twice"),
    ]
