from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery
from tests.stacks.examples import GOOD, complaints, load


def test_copies_are_kept_in_the_second_region() -> None:
    second = load({**GOOD, "disasterRecovery": {"region": "eu-central-1", "stack": "production-dr"}}).disaster_recovery
    assert second is not None
    assert (second.region, second.stack) == ("eu-central-1", "production-dr")


@pytest.mark.parametrize(
    ("region", "problem"),
    [("eu-west-1", "is where the stack is"), ("us-gov-west-1", "nothing is copied between them"), ("moon-1", "allowed")],
)
def test_the_second_region_is_another_one_of_the_same_partition(region: str, problem: str) -> None:
    found = complaints({**GOOD, "disasterRecovery": {"region": region}})
    assert list(found) == ["plinth:disasterRecovery.region"]
    assert problem in found["plinth:disasterRecovery.region"]


def targets(rpo: str, rto: str) -> RecoveryTargets:
    return RecoveryTargets.model_validate({"rpo": rpo, "rto": rto})


def test_targets_are_written_as_markers_of_objects_and_resources() -> None:
    declared = targets("0s", "5m")
    assert declared.annotations == {"platform/rpo": "0s", "platform/rto": "5m"}
    assert declared.tags == {"platform:rpo": "0s", "platform:rto": "5m"}


@pytest.mark.parametrize(
    ("rpo", "rto", "declared", "achieves"),
    [
        (5, 10, targets("5m", "10m"), True),
        (6, 10, targets("5m", "10m"), False),
        (5, 11, targets("5m", "10m"), False),
        (None, None, targets("5m", "10m"), False),
        (None, None, None, True),
    ],
)
def test_a_loss_stays_within_what_is_declared_or_not(rpo: Any, rto: Any, declared: RecoveryTargets | None, *, achieves: bool) -> None:
    def minutes(count: int | None) -> timedelta | None:
        return None if count is None else timedelta(minutes=count)

    row = Recovery(
        component="database",
        loss=Loss.ZONE,
        declared=declared,
        rpo=minutes(rpo),
        rto=minutes(rto),
        means="a standby",
        decision=Decision.AUTOMATIC,
        runbook=None,
    )
    assert row.achieves is achieves
