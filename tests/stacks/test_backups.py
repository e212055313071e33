from __future__ import annotations

from typing import Any

import pytest

from offline.engine import Run
from tests.components.recorded import behind
from tests.runs import run_of
from tests.stacks.examples import GOOD, complaints, load
from tests.stacks.judging import find

BACKUPS = {"recovery": {"rpo": "1h", "rto": "4h"}, "every": "30m"}
KEPT = ("production", "staging", "azure-production")


def schedules(run: Run) -> dict[str, dict[str, Any]]:
    found = (each for each in run.resources if each.type == "kubernetes:velero.io/v1:Schedule")
    return {each.inputs["metadata"]["name"]: each.inputs["spec"] for each in found}


@pytest.mark.parametrize("stack", KEPT)
def test_whatever_is_worth_keeping_is_backed_up(stack: str) -> None:
    assert sorted(schedules(run_of(stack))) == ["daily", "frequent", "weekly"]


@pytest.mark.parametrize("stack", ["dev", "homelab"])
def test_what_is_not_is_left_out_with_all_that_belongs_to_it(stack: str) -> None:
    run = run_of(stack)
    assert schedules(run) == {}
    assert not [each.urn for each in run.resources if "velero" in each.urn or "restore-" in each.urn]


@pytest.mark.parametrize("stack", KEPT)
def test_every_namespace_in_which_a_volume_may_be_claimed_is_backed_up_in_between(stack: str) -> None:
    run = run_of(stack)
    quotas = [each.inputs for each in run.resources if each.type.endswith(":ResourceQuota")]
    claimed = {each["metadata"]["namespace"] for each in quotas if int(each["spec"]["hard"]["persistentvolumeclaims"])}
    assert set(schedules(run)["frequent"]["template"]["includedNamespaces"]) == claimed - {"velero", "restore-scratch"}


def test_nothing_that_passes_is_backed_up() -> None:
    run = run_of("production")
    excluded = {
        each.inputs["metadata"]["name"]
        for each in run.resources
        if each.type.endswith(":Namespace")
        and each.inputs.get("metadata", {}).get("labels", {}).get("velero.io/exclude-from-backup") == "true"
    }
    assert excluded == {"velero", "restore-scratch"}


def test_pods_that_move_data_need_no_host() -> None:
    labels = find("production", ":Namespace", "velero-namespace").inputs["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"


@pytest.mark.parametrize(
    ("stack", "identity"),
    [
        ("production", "aws:eks/podIdentityAssociation:PodIdentityAssociation"),
        ("azure-production", "azure-native:managedidentity:FederatedIdentityCredential"),
    ],
)
def test_velero_goes_behind_its_identity_and_its_store(stack: str, identity: str) -> None:
    run = run_of(stack)
    before = behind(run, find(stack, ":Release", "backups-release"))
    assert any(each.urn in before for each in run.resources if each.type == identity and "velero" in each.name)
    assert any("object-stores" in urn for urn in before)


def test_the_drill_goes_behind_the_definitions_of_velero() -> None:
    run = run_of("production")
    before = behind(run, find("production", ":StatefulSet", "backup-drill-canary"))
    assert find("production", ":Release", "backups-release").urn in before


def test_backups_without_a_store_are_refused_with_the_cure() -> None:
    problem = complaints({**GOOD, "environment": "dev", "backups": BACKUPS})["plinth:backups"]
    assert "set plinth:aws.objectStores.backups, or plinth:backups to null" in problem


def test_a_stack_may_go_without() -> None:
    assert load({"backups": None}).backups is None
