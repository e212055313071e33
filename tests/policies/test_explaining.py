from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from policies.analyzer import Analyzer
from policies.findings import Finding
from policies.model import Resource, Stack
from policies.waivers import Waiver
from tests.policies.requests import DATABASE, UNKNOWN_TEXT, configure, request, rule, urn_of

TODAY = dt.date(2026, 6, 1)


def check(resource: Resource, _: Stack) -> Iterator[Finding]:
    yield from resource["multiAz"].must_be_true("it has no standby")


def explained(properties: Mapping[str, Any], *waivers: Waiver) -> Mapping[str, Any]:
    analyzer = Analyzer([rule(check, "PG-002", "MSG-001")], waivers=waivers, today=TODAY)
    configure(analyzer, "production")
    (diagnostic,) = analyzer.Analyze(request(DATABASE, properties), None).diagnostics
    return analyzer.explain(diagnostic)


def test_a_violation_has_its_parts_and_the_waivers_that_it_would_need() -> None:
    parts = explained({"multiAz": False})
    suggested = parts["suggestedWaiver"]
    assert {**parts, "suggestedWaiver": ""} == {
        "kind": "violation",
        "requirements": ["PG-002", "MSG-001"],
        "severity": "P0",
        "problem": "it has no standby",
        "path": "multiAz",
        "value": "false",
        "cure": "Set multiAz to true",
        "unknown": [],
        "waiver": None,
        "suggestedWaiver": "",
    }
    assert suggested.count("- requirement: ") == 2
    assert f'  resource: "{urn_of(DATABASE)}"\n' in suggested
    assert "  expires: 2026-07-01\n" in suggested


def test_an_undecided_rule_names_what_is_unknown() -> None:
    parts = explained({"multiAz": UNKNOWN_TEXT})
    assert (parts["kind"], parts["unknown"], parts["problem"]) == ("undecided", ["multiAz"], None)


def test_a_waived_violation_names_its_waiver() -> None:
    waivers = [
        Waiver(requirement=each, resource="*::it", reason="r", owner="o", approved_by="p", expires=dt.date(2026, 7, 1))
        for each in ("PG-002", "MSG-001")
    ]
    parts = explained({"multiAz": False}, *waivers)
    assert (parts["kind"], parts["suggestedWaiver"], parts["problem"]) == ("waived", None, "it has no standby")
    assert parts["waiver"] == {
        "requirement": "PG-002",
        "resource": "*::it",
        "reason": "r",
        "owner": "o",
        "approvedBy": "p",
        "expires": "2026-07-01",
    }


def test_a_waiver_of_one_requirement_leaves_the_others_to_waive() -> None:
    waiver = Waiver(requirement="PG-002", resource="*::it", reason="r", owner="o", approved_by="p", expires=dt.date(2026, 7, 1))
    parts = explained({"multiAz": False}, waiver)
    assert (parts["kind"], parts["requirements"]) == ("violation", ["MSG-001"])
    assert "PG-002" not in parts["suggestedWaiver"]
