from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies import analyzer as analyzer_module
from policies.analyzer import Analyzer, default_analyzer
from policies.model import Facts, Finding, Resource, violation
from policies.waivers import Waiver, WaiverError
from tests.policies.requests import DATABASE, UNKNOWN_TEXT, analyze, analyze_stack, configure, rule, urn_of

TODAY = dt.date(2026, 6, 1)
PROBLEM = "it is wrong (multiAz = false). Set multiAz to true."


def waiver(requirement: str = "PG-002", pattern: str = urn_of(DATABASE), expires: dt.date = dt.date(2027, 1, 1)) -> Waiver:
    return Waiver(requirement=requirement, resource=pattern, reason="a replica", owner="data", expires=expires)


def check_zones(resource: Resource, _: Facts) -> Iterator[Finding]:
    if resource["multiAz"].is_not(expected=True):
        yield violation(resource["multiAz"], "it is wrong", "Set multiAz to true")


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
        ("advisory", f"[PG-002] the waiver of {urn_of(DATABASE)} by data expired on 2026-05-31. Remove it or renew it.")
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


def test_a_wrong_file_of_waivers_is_one_mandatory_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Path = Path()) -> tuple[Waiver, ...]:
        raise WaiverError("waivers.yaml is wrong: [0].owner is missing")

    monkeypatch.setattr(analyzer_module, "load_waivers", broken)
    analyzer = default_analyzer()
    configure(analyzer, "dev")
    assert analyze(analyzer, {"engine": "mysql"}, "a:b:C") == [("mandatory", "waivers.yaml is wrong: [0].owner is missing")]
