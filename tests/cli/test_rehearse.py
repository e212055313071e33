"""The command line of a rehearsal; with its servers it is tried in tests/rehearsal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cli import rehearse
from rehearsal.errors import RehearsalError
from rehearsal.machines import parse_machine
from rehearsal.nodes import NodePool
from rehearsal.programs import HELM, SERVERS
from rehearsal.report import Loss, Refusal, Report, Trouble
from tests.cli.projects import DEV, plinth, write_project
from tests.runs import config_of

TROUBLE = Trouble(kind="StatefulSet", namespace="messaging", name="nats", message="0/3 nodes are available")
REFUSAL = Refusal(kind="Service", namespace="shop", name="web", origin="release shop", message="unknown field")
GOOD = Report(stack="dev", release="1.36", kubernetes="v1.36.3", nodes={"a": 2}, objects=7, pods=5)
PROGRAM = 'Thing("cloud:t:Thing", "thing")\n'


def lost(**found: Any) -> Report:
    nothing: Mapping[str, Any] = {"without_quorum": (), "pending": (), "budgets": (), "grown": {}}
    return Report(**{**vars(GOOD), "loss": Loss(taken="zone", name="a", **{**nothing, **found})})


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with all programs on PATH, none of which is run."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in (*SERVERS, HELM):
        (programs / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(programs))
    # Handlers are the process's, and this one is pytest's.
    monkeypatch.setattr(rehearse, "tidy_up_on_interrupt", lambda: None)
    folder = tmp_path / "project"
    folder.mkdir()
    return write_project(folder, PROGRAM, dev=DEV)


def answer(monkeypatch: pytest.MonkeyPatch, outcome: Report | BaseException) -> list[NodePool]:
    """Let the rehearsal end so; the pools that it is given."""
    given: list[NodePool] = []

    def rehearsed(_: Any, pools: list[NodePool], **__: Any) -> Report:
        given.extend(pools)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    monkeypatch.setattr(rehearse, "rehearse", rehearsed)
    return given


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (GOOD, 0),
        (lost(), 0),
        (lost(pending=[TROUBLE], budgets=[TROUBLE]), 0),
        (lost(without_quorum=[TROUBLE]), 1),
        (Report(**{**vars(GOOD), "refused": [REFUSAL]}), 1),
        (Report(**{**vars(GOOD), "unplaced": [TROUBLE]}), 1),
        (Report(**{**vars(GOOD), "claims": [TROUBLE]}), 1),
        (Report(**{**vars(GOOD), "warnings": [REFUSAL], "not_rehearsed": [REFUSAL], "blocking": [TROUBLE]}), 0),
    ],
)
def test_the_exit_code_says_whether_everything_runs_and_keeps_its_quorum(
    project: Path, monkeypatch: pytest.MonkeyPatch, report: Report, code: int
) -> None:
    answer(monkeypatch, report)
    done = plinth(project, "rehearse", "dev", "--nodes", "2x4/16Gi", monkeypatch=monkeypatch)
    assert done.exit_code == code
    assert f"Kubernetes v1.36.3: {'passes' if code == 0 else 'fails'}" in done.stdout
    document = json.loads(plinth(project, "rehearse", "dev", "--nodes", "2x4/16Gi", "--json", monkeypatch=monkeypatch).stdout)
    assert document["verdict"] == ("passes" if code == 0 else "fails")
    assert document.keys() >= {"schemaVersion", "stack", "release", "kubernetes", "refused", "unplaced", "notRehearsed", "loss"}


def test_the_report_names_each_object_with_what_was_said_of_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, Report(**{**vars(lost(pending=[TROUBLE], grown={"general": 2})), "refused": [REFUSAL]}))
    said = plinth(project, "rehearse", "dev", "--nodes", "2x4/16Gi", monkeypatch=monkeypatch).stdout
    assert "Service shop/web (release shop)\n    unknown field" in said
    assert "With the zone a away; nodes added, as the autoscaler would: 2 of general" in said
    assert "StatefulSet messaging/nats\n    0/3 nodes are available" in said


def test_a_server_of_another_release_is_told(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, Report(**{**vars(GOOD), "release": "1.35"}))
    said = plinth(project, "rehearse", "dev", "--nodes", "2x4/16Gi", monkeypatch=monkeypatch).stdout
    assert "on Kubernetes v1.36.3, while the stack's release is 1.35: passes" in said


def test_nodes_are_those_of_the_command_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = answer(monkeypatch, GOOD)
    plinth(project, "rehearse", "dev", "--nodes", "3x4/16Gi", "--zones", "a, b", monkeypatch=monkeypatch)
    (pool,) = given
    assert (pool.least, list(pool.zones)) == (3, ["a", "b"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the stack has no nodes of its own"),
        (("--zones", "a,b"), "--zones are those of --nodes"),
        (("--nodes", "three"), "'three' does not describe nodes"),
        (("--nodes", "2x4/16Gi", "--charts", "nowhere"), "nowhere is not a folder with charts"),
        (("--machine", "m9=big"), "'big' is not the size of a machine"),
    ],
)
def test_what_the_user_has_to_mend_is_misuse(project: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str) -> None:
    answer(monkeypatch, GOOD)
    done = plinth(project, "rehearse", "dev", *arguments, monkeypatch=monkeypatch)
    assert done.exit_code == 2
    assert said in done.stderr


def test_programs_that_are_missing_are_misuse_before_anything_is_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = plinth(project, "rehearse", "no-such-stack", monkeypatch=monkeypatch)
    assert done.exit_code == 2
    assert "kube-apiserver: the server binaries of a Kubernetes release" in done.stderr


def test_a_cluster_that_does_not_start_is_a_failure(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, RehearsalError("kube-apiserver did not become ready"))
    done = plinth(project, "rehearse", "dev", "--nodes", "2x4/16Gi", monkeypatch=monkeypatch)
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (3, "plinth: kube-apiserver did not become ready")


def test_an_interrupt_ends_with_its_own_code(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, KeyboardInterrupt())
    assert plinth(project, "rehearse", "dev", "--nodes", "2x4/16Gi", monkeypatch=monkeypatch).exit_code == 130


def test_a_stack_that_cannot_be_run_is_told_as_a_preview_tells_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = plinth(project, "rehearse", "prod", monkeypatch=monkeypatch)
    assert done.exit_code == 2
    assert "unknown stack 'prod'" in done.stderr


def test_a_cluster_that_exists_has_the_nodes_that_its_settings_say() -> None:
    config = config_of("homelab")
    (pool,) = rehearse._nodes_of_existing(config, {})
    assert pool.least == json.loads(config.values["plinth:cluster"])["nodes"]
    assert not pool.managed
    larger = parse_machine("16/64Gi")
    assert [each.machine for each in rehearse._nodes_of_existing(config, {"node": larger})] == [larger]
    assert rehearse._nodes_of_existing(config_of("dev"), {}) == []
