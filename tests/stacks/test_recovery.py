from __future__ import annotations

from collections import Counter

import pytest

from components.recovery import Decision, Loss
from stacks.loading import load_settings
from stacks.recovery import recovery_of
from stacks.settings.tree import Settings
from tests.runs import EVERYWHERE, config_of
from tests.tools import ROOT


def settings_of(stack: str) -> Settings:
    return load_settings(config_of(stack).values)


@pytest.mark.parametrize("stack", EVERYWHERE)
def test_each_component_says_once_what_becomes_of_it_after_a_loss_and_by_which_runbook(stack: str) -> None:
    rows = recovery_of(settings_of(stack))
    assert rows
    assert [pair for pair, count in Counter((row.component, row.loss) for row in rows).items() if count > 1] == []
    for row in rows:
        assert row.runbook is None or (ROOT / "runbooks" / f"{row.runbook}.md").is_file(), row.runbook
        assert row.decision is Decision.AUTOMATIC or row.runbook or row.rpo is None, row


@pytest.mark.parametrize("stack", ["production", "staging", "azure-production"])
def test_what_tells_nothing_of_the_whole_region_is_held_to_what_the_platform_declares(stack: str) -> None:
    settings = settings_of(stack)
    assert settings.backups is not None
    region = [row for row in recovery_of(settings) if row.loss in {Loss.CLUSTER, Loss.REGION}]
    assert region
    assert all(row.declared == settings.backups.recovery for row in region)


@pytest.mark.parametrize("stack", ["production", "staging", "azure-production"])
def test_a_server_and_a_zone_may_go_at_any_time(stack: str) -> None:
    rows = [row for row in recovery_of(settings_of(stack)) if row.loss in {Loss.SERVER, Loss.ZONE}]
    assert [row for row in rows if not row.achieves] == []
