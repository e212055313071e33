from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.recovery import recovery
from components.recovery import Decision, Loss, Recovery
from components.storage.object_store import S3Store
from tests.components.messaging.nats.examples import ARGS, nats_args

STORE = S3Store(bucket="backups", region=None, traffic=())


def rows(args: NatsArgs) -> dict[Loss, Recovery]:
    return {row.loss: row for row in recovery(args)}


def test_a_cluster_loses_nothing_with_a_server_or_a_zone_and_needs_nobody() -> None:
    found = rows(ARGS)
    for loss in (Loss.SERVER, Loss.ZONE):
        assert (found[loss].rpo, found[loss].decision) == (timedelta(0), Decision.AUTOMATIC)
        assert found[loss].achieves


def test_a_single_server_does_not_come_back_without_its_zone() -> None:
    found = rows(nats_args(servers=1, rpo="2m"))
    assert found[Loss.ZONE].rpo is None
    assert not found[Loss.ZONE].achieves
    assert found[Loss.SERVER].rpo == timedelta(minutes=2)


def test_what_was_deleted_comes_back_from_the_backup_of_the_day_before_where_there_is_one() -> None:
    assert rows(ARGS)[Loss.DELETION].rpo is None
    backed_up = rows(replace(nats_args(backup={"takes": "2h"}), store=STORE))
    assert backed_up[Loss.DELETION].rpo == backed_up[Loss.CLUSTER].rpo == timedelta(hours=26)
    assert backed_up[Loss.DELETION].runbook == "nats-backup"


def test_a_region_is_lost_with_all_that_is_in_it_unless_another_stack_copies() -> None:
    assert rows(ARGS)[Loss.REGION].rpo is None
    leaf_nodes = {"host": "nats.example.org", "cidrs": ["10.30.0.0/16"]}
    assert rows(nats_args(leafNodes=leaf_nodes))[Loss.REGION].rpo is None
    copied = rows(replace(nats_args(leafNodes=leaf_nodes), dr_stack="production-dr"))[Loss.REGION]
    assert copied.rpo is not None
    assert (copied.means, copied.decision, copied.runbook) == ("mirrors in production-dr", Decision.INCIDENT_COMMANDER, "nats-failover")
