"""Every alert of every component: promtool makes it fire and leaves it silent, its runbook exists, its name is its own."""

from __future__ import annotations

import importlib
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from components.alerts import Alert, AlertGroup, render_groups, render_rule
from tests.alerts.cases import Case
from tests.tools import ROOT, tool

RUNBOOKS: Final = "https://runbooks.example.org"
DOMAINS: Final = sorted(path.parent.name for path in (ROOT / "components").glob("*/alerts.py"))
# Beside this module lies one for each domain with alerts: GROUPS, made with thresholds where the domain asks for some, and CASES.
CASE_MODULES: Final = {
    domain: importlib.import_module(f"tests.alerts.{domain}")
    for domain in DOMAINS
    if (ROOT / "tests" / "alerts" / f"{domain}.py").is_file()
}
GROUPS: Final[dict[str, Sequence[AlertGroup]]] = {domain: module.GROUPS for domain, module in CASE_MODULES.items()}
ALERTS: Final[dict[str, Alert]] = {alert.name: alert for groups in GROUPS.values() for group in groups for alert in group.alerts}
SECTIONS: Final = ("What it means", "Impact", "Diagnose", "Mitigate", "Verify", "Escalate")


def cases(domain: str) -> Sequence[Case]:
    return tuple(CASE_MODULES[domain].CASES)


def promtool_test(case: Case) -> dict[str, Any]:
    rule = render_rule(ALERTS[case.alert], RUNBOOKS)
    expected = [{"exp_labels": {**rule["labels"], **case.labels}}] if case.labels is not None else []
    return {
        "interval": case.step,
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        "alert_rule_test": [{"eval_time": case.at, "alertname": case.alert, "exp_alerts": expected}],
    }


def test_each_domain_with_alerts_has_cases() -> None:
    assert sorted(CASE_MODULES) == DOMAINS


@pytest.mark.parametrize("domain", sorted(GROUPS))
def test_each_alert_fires_when_it_should_and_only_then(domain: str, tmp_path: Path) -> None:
    promtool = tool("promtool")
    rules = render_groups(GROUPS[domain], RUNBOOKS)
    for group in rules["groups"]:
        for rule in group["rules"]:
            del rule["annotations"]  # texts for people: the test below has promtool parse their templates
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules))
    tests = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "15s",
        "tests": [promtool_test(case) for case in cases(domain)],
    }
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests))
    run = subprocess.run([promtool, "test", "rules", "tests.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 # our own files
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("domain", sorted(GROUPS))
def test_the_rules_are_ones_that_prometheus_accepts(domain: str, tmp_path: Path) -> None:
    promtool = tool("promtool")
    rules = tmp_path / "rules.yaml"
    rules.write_text(yaml.safe_dump(render_groups(GROUPS[domain], RUNBOOKS)))
    run = subprocess.run([promtool, "check", "rules", "--lint-fatal", str(rules)], capture_output=True, text=True, check=False)  # noqa: S603 # likewise
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("domain", sorted(GROUPS))
def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent(domain: str) -> None:
    alerts = {alert.name for group in GROUPS[domain] for alert in group.alerts}
    assert {case.alert for case in cases(domain) if case.labels is not None} == alerts
    assert {case.alert for case in cases(domain) if case.labels is None} == alerts


def test_no_two_alerts_and_no_two_groups_share_a_name() -> None:
    names = Counter(alert.name for groups in GROUPS.values() for group in groups for alert in group.alerts)
    names.update(f"group {group.name}" for groups in GROUPS.values() for group in groups)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_the_runbook_of_each_alert_exists_names_it_and_says_what_to_do(name: str) -> None:
    page = (ROOT / "runbooks" / f"{ALERTS[name].runbook}.md").read_text()
    assert name in page
    assert [heading for heading in SECTIONS if f"\n## {heading}\n" not in page] == []
    diagnose = page.split("\n## Diagnose\n")[1].split("\n## ")[0]
    assert "```" in diagnose, "a runbook says with exact commands how to diagnose"


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_the_texts_of_each_alert_name_the_place_and_the_value(name: str) -> None:
    alert = ALERTS[name]
    labelled = re.search(r"\$(labels|value)", alert.summary + alert.description)
    assert labelled or alert.expr.startswith("absent("), "nobody could tell which one is meant (ALERT-030)"
    assert alert.team
    assert re.fullmatch(r"\d+[smh]", alert.wait)
