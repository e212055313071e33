"""Every alert of every component: promtool makes it fire and leaves it silent, its runbook exists, its name is its own."""

from __future__ import annotations

import functools
import importlib
import itertools
import operator
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from components.alerts import Alert, AlertGroup, render_groups, render_rule
from tests.alerts.cases import Case
from tests.tools import ROOT, tool

RUNBOOKS: Final = "https://runbooks.example.org"
COMPONENTS: Final = ROOT / "components"
# A domain's own, such as messaging, or those of one place's part of it, such as database_rds.
SETS: Final = sorted("_".join(path.parent.relative_to(COMPONENTS).parts) for path in COMPONENTS.glob("*/**/alerts.py"))
# Beside this module lies one for each set: GROUPS, made with thresholds where they ask for some, and CASES.
CASE_MODULES: Final = {
    name: importlib.import_module(f"tests.alerts.{name}") for name in SETS if (ROOT / "tests" / "alerts" / f"{name}.py").is_file()
}
GROUPS: Final[dict[str, Sequence[AlertGroup]]] = {name: module.GROUPS for name, module in CASE_MODULES.items()}
ALERTS: Final[dict[str, dict[str, Alert]]] = {
    name: {alert.name: alert for group in groups for alert in group.alerts} for name, groups in GROUPS.items()
}
EACH_ALERT: Final = [pytest.param(alert, id=f"{name}-{alert.name}") for name, alerts in ALERTS.items() for alert in alerts.values()]
SECTIONS: Final = ("What it means", "Impact", "Diagnose", "Mitigate", "Verify", "Escalate")


def cases(name: str) -> Sequence[Case]:
    return tuple(CASE_MODULES[name].CASES)


def promtool_test(case: Case, alert: Alert) -> dict[str, Any]:
    rule = render_rule(alert, RUNBOOKS)
    expected = [{"exp_labels": {**rule["labels"], **case.labels}}] if case.labels is not None else []
    return {
        "interval": case.step,
        "input_series": [{"series": series, "values": values} for series, values in case.series.items()],
        "alert_rule_test": [{"eval_time": case.at, "alertname": case.alert, "exp_alerts": expected}],
    }


def test_each_set_of_alerts_has_cases() -> None:
    assert sorted(CASE_MODULES) == SETS


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_each_alert_fires_when_it_should_and_only_then(name: str, tmp_path: Path) -> None:
    promtool = tool("promtool")
    rules = render_groups(GROUPS[name], RUNBOOKS)
    for group in rules["groups"]:
        for rule in group["rules"]:
            del rule["annotations"]  # texts for people: the test below has promtool parse their templates
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules))
    tests = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "15s",
        "tests": [promtool_test(case, ALERTS[name][case.alert]) for case in cases(name)],
    }
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests))
    run = subprocess.run([promtool, "test", "rules", "tests.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603 # our own files
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_the_rules_are_ones_that_prometheus_accepts(name: str, tmp_path: Path) -> None:
    promtool = tool("promtool")
    rules = tmp_path / "rules.yaml"
    rules.write_text(yaml.safe_dump(render_groups(GROUPS[name], RUNBOOKS)))
    run = subprocess.run([promtool, "check", "rules", "--lint-fatal", str(rules)], capture_output=True, text=True, check=False)  # noqa: S603 # likewise
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", sorted(GROUPS))
def test_each_alert_has_a_case_in_which_it_fires_and_one_in_which_it_is_silent(name: str) -> None:
    alerts = {alert.name for group in GROUPS[name] for alert in group.alerts}
    assert {case.alert for case in cases(name) if case.labels is not None} == alerts
    assert {case.alert for case in cases(name) if case.labels is None} == alerts


def test_no_two_alerts_and_no_two_groups_of_a_cluster_share_a_name() -> None:
    names: Counter[str] = Counter()
    for _, alternatives in itertools.groupby(sorted(GROUPS), key=lambda name: name.partition("_")[0]):
        # A stack has a database in one place alone.
        every = [Counter(_names(GROUPS[name])) for name in alternatives]
        names.update(functools.reduce(operator.or_, every))
    assert [name for name, count in names.items() if count > 1] == []


def _names(groups: Sequence[AlertGroup]) -> Iterator[str]:
    for group in groups:
        yield f"group {group.name}"
        yield from (alert.name for alert in group.alerts)


@pytest.mark.parametrize("alert", EACH_ALERT)
def test_the_runbook_of_each_alert_exists_names_it_and_says_what_to_do(alert: Alert) -> None:
    page = (ROOT / "runbooks" / f"{alert.runbook}.md").read_text()
    assert alert.name in page
    assert [heading for heading in SECTIONS if f"\n## {heading}\n" not in page] == []
    diagnose = page.split("\n## Diagnose\n")[1].split("\n## ")[0]
    assert "```" in diagnose, "a runbook says with exact commands how to diagnose"


@pytest.mark.parametrize("alert", EACH_ALERT)
def test_the_texts_of_each_alert_name_the_place_and_the_value(alert: Alert) -> None:
    labelled = re.search(r"\$(labels|value)", alert.summary + alert.description)
    assert labelled or alert.expr.startswith("absent("), "nobody could tell which one is meant (ALERT-030)"
    assert alert.team
    assert re.fullmatch(r"\d+[smh]", alert.wait)
