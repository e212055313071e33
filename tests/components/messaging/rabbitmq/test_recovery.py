from __future__ import annotations

from datetime import timedelta

import pytest

from components.messaging.rabbitmq.recovery import recovery
from components.recovery import Loss, Recovery
from tests.components.messaging.rabbitmq.examples import settings
from tests.tools import ROOT

HALF_AN_HOUR = timedelta(minutes=30)


def rows(*, nodes: int = 3, backup_every: timedelta | None = HALF_AN_HOUR) -> dict[Loss, Recovery]:
    return {row.loss: row for row in recovery(settings(nodes=nodes, vhosts={}), backup_every=backup_every)}


@pytest.mark.parametrize("loss", [Loss.SERVER, Loss.ZONE])
def test_three_servers_lose_nothing_with_a_server_or_a_zone(loss: Loss) -> None:
    row = rows()[loss]
    assert (row.rpo, row.achieves) == (timedelta(0), True)


def test_a_single_server_comes_back_later_than_declared_and_not_at_all_without_its_zone() -> None:
    alone = rows(nodes=1)
    assert alone[Loss.SERVER].rpo == timedelta(0)
    assert not alone[Loss.SERVER].achieves
    assert alone[Loss.ZONE].rto is None


@pytest.mark.parametrize("loss", [Loss.DELETION, Loss.CLUSTER])
def test_what_was_deleted_comes_back_as_old_as_the_last_backup_or_not_at_all(loss: Loss) -> None:
    assert rows()[loss].rpo == HALF_AN_HOUR
    without = rows(backup_every=None)[loss]
    assert (without.rpo, without.rto) == (None, None)


def test_messages_do_not_leave_the_region() -> None:
    assert rows()[Loss.REGION].rpo is None


def test_the_runbooks_are_there() -> None:
    for row in rows().values():
        assert row.runbook is None or (ROOT / "runbooks" / f"{row.runbook}.md").is_file()
