"""Holds every case against its rule."""

from __future__ import annotations

import pytest

from policies.model import Rule
from policies.registry import RULES
from tests.policies.rules.cases import Case, changed, check
from tests.policies.rules.collecting import CASES
from tests.policies.rules.database.good import INSTANCE, PARTNERS, SECURITY_GROUP
from tests.policies.rules.inputs import unknown_inputs


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_says_what_its_cases_expect(case: Case) -> None:
    check(case, {"database": PARTNERS})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_case_of_each_kind(rule: Rule) -> None:
    assert {case.kind for case in CASES if case.rule is rule} == {"refuses", "accepts", "undecided"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases_write_only_inputs_that_the_provider_has(case: Case) -> None:
    assert [path for resource in case.resources for path in unknown_inputs(resource)] == []


def test_an_input_that_the_provider_does_not_have_is_found_at_any_depth() -> None:
    assert unknown_inputs(changed(INSTANCE, {"multiAZ": True})) == ["multiAZ"]
    assert unknown_inputs(changed(SECURITY_GROUP, {"ingress[0].cidr": "10.0.0.0/8"})) == ["ingress.cidr"]
