"""What must be true of runbooks, stack files and the pack together, whoever adds to them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest

from offline.engine import Run
from stacks.loading import load_settings
from tests.runs import config_of, run_of
from tests.tools import ROOT

RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule"
STACK_FILES = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in ROOT.glob("stacks/Pulumi.*.yaml"))


def alerts(run: Run) -> Iterator[dict[str, Any]]:
    for resource in run.resources:
        if resource.type == RULES:
            yield from (rule for group in resource.inputs["spec"]["groups"] for rule in group["rules"])


@pytest.mark.parametrize("stack", STACK_FILES)
def test_no_stack_of_the_repository_violates_a_requirement_unanswered(stack: str) -> None:
    assert [each.message for each in run_of(stack, ROOT).diagnostics if each.level == "mandatory"] == []


@pytest.mark.parametrize("stack", STACK_FILES)
def test_default_providers_are_disabled_in_every_stack_file(stack: str) -> None:
    assert config_of(stack, ROOT).values["pulumi:disable-default-providers"] == '["*"]'


@pytest.mark.parametrize("stack", STACK_FILES)
def test_every_alert_has_a_runbook_and_is_answered_for(stack: str) -> None:
    observability = load_settings(config_of(stack, ROOT).values).observability
    for alert in alerts(run_of(stack, ROOT)):
        assert observability
        slug = alert["annotations"]["runbook_url"].removeprefix(f"{observability.runbook_base_url.rstrip('/')}/")
        assert (ROOT / "runbooks" / slug).is_file(), alert["alert"]
        assert alert["labels"]["team"]
        assert re.fullmatch("P[1-4]", alert["labels"]["severity"])
        assert alert["annotations"]["summary"]
        assert alert["annotations"]["description"]


@pytest.mark.parametrize("room", ["cli", "components", "facts", "offline", "stacks"])
def test_every_constant_says_that_it_is_one(room: str) -> None:
    assert [
        f"{path.relative_to(ROOT)}: {target.id}"
        for path in sorted(ROOT.glob(f"{room}/**/*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id.isupper()
    ] == []


def test_names_of_alerts_are_unique() -> None:
    names = [alert["alert"] for alert in alerts(run_of("production"))]
    assert len(names) == len(set(names))
