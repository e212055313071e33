from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cli import recovery
from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery
from stacks.settings.tree import Settings
from tests.cli.projects import copy_project, plinth

TARGETS = RecoveryTargets.model_validate({"rpo": "5m", "rto": "10m"})
SURVIVES = Recovery(
    component="database",
    loss=Loss.ZONE,
    declared=TARGETS,
    rpo=timedelta(0),
    rto=timedelta(minutes=2),
    means="a synchronous standby in another zone",
    decision=Decision.AUTOMATIC,
    runbook=None,
)
FALLS_SHORT = Recovery(
    component="database",
    loss=Loss.REGION,
    declared=TARGETS,
    rpo=timedelta(minutes=25),
    rto=timedelta(hours=1),
    means="replicated backups",
    decision=Decision.INCIDENT_COMMANDER,
    runbook="database-restore",
)
LOST = Recovery(
    component="scratch",
    loss=Loss.DELETION,
    declared=None,
    rpo=None,
    rto=None,
    means="nothing is kept",
    decision=Decision.ON_CALL,
    runbook=None,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


def having(*rows: Recovery, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows_of(_: Settings) -> tuple[Recovery, ...]:
        return rows

    monkeypatch.setattr(recovery, "recovery_of", rows_of)


def test_the_table_says_per_component_what_is_declared_achieved_and_done(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(SURVIVES, LOST, monkeypatch=monkeypatch)
    shown = plinth(project, "recovery", "production", monkeypatch=monkeypatch)
    assert shown.exit_code == 0
    assert "stack production: every declared target is met" in shown.stdout
    words = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert "a zone 5m / 10m 0s / 2m a synchronous standby in another zone nobody: automatic" in words
    assert "what was deleted or overwritten nothing lost nothing is kept whoever is on call" in words


def test_a_target_that_is_not_met_is_told_and_is_a_violation(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(SURVIVES, FALLS_SHORT, monkeypatch=monkeypatch)
    shown = plinth(project, "recovery", "production", monkeypatch=monkeypatch)
    assert shown.exit_code == 1
    assert "1 of 2 losses go beyond what is declared" in shown.stdout
    assert "runbooks/database-restore.md" in shown.stdout


def test_machines_get_the_same_as_one_document(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    having(FALLS_SHORT, LOST, monkeypatch=monkeypatch)
    shown = plinth(project, "recovery", "production", "--json", monkeypatch=monkeypatch)
    document = json.loads(shown.stdout)
    assert (document["stack"], document["achieved"]) == ("production", False)
    region, scratch = document["components"]
    assert region == {
        "component": "database",
        "loss": "the region",
        "declared": {"rpo": "5m", "rto": "10m"},
        "achieved": {"rpo": "25m", "rto": "1h"},
        "withinDeclared": False,
        "means": "replicated backups",
        "decidedBy": "the incident commander",
        "runbook": "runbooks/database-restore.md",
    }
    assert (scratch["declared"], scratch["achieved"]) == (None, {"rpo": None, "rto": None})


def test_mistakes_in_the_settings_are_told_with_their_place(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = project / "stacks" / "Pulumi.production.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("plinth:team: platform_team", "plinth:team: 7"), encoding="utf-8")
    shown = plinth(project, "recovery", "production", monkeypatch=monkeypatch)
    assert shown.exit_code == 2
    assert "plinth:team" in shown.stderr


def test_a_stack_that_is_not_there_is_a_mistake_of_the_user(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = plinth(project, "recovery", "nope", monkeypatch=monkeypatch)
    assert shown.exit_code == 2
    assert "nope" in shown.stderr
