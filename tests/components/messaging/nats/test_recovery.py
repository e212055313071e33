from __future__ import annotations

from datetime import timedelta

from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.recovery import recovery
from components.recovery import Decision, Loss, Recovery
from tests.components.messaging.nats.examples import ARGS, nats_args

LEAF_NODES = {"host": "nats.example.org", "cidrs": ["10.30.0.0/16"]}


def rows(
    args: NatsArgs, *, stored: bool = False, volumes_lose: timedelta | None = None, dr_stack: str | None = None
) -> dict[Loss, Recovery]:
    return {row.loss: row for row in recovery(args.settings, stored=stored, volumes_lose=volumes_lose, dr_stack=dr_stack)}


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
    backed_up = rows(nats_args(backup={"takes": "2h"}), stored=True)
    assert backed_up[Loss.DELETION].rpo == backed_up[Loss.CLUSTER].rpo == timedelta(hours=26)
    assert backed_up[Loss.DELETION].runbook == "nats-backup"
    assert rows(nats_args(backup={"takes": "2h"}))[Loss.DELETION].rpo is None


def test_a_cluster_comes_back_from_the_volumes_where_they_are_backed_up_more_often() -> None:
    found = rows(nats_args(backup={"takes": "2h"}), stored=True, volumes_lose=timedelta(minutes=40))
    assert (found[Loss.CLUSTER].rpo, found[Loss.CLUSTER].runbook) == (timedelta(minutes=40), "restore")


def test_a_region_is_lost_with_all_that_is_in_it_unless_another_stack_copies() -> None:
    assert rows(ARGS)[Loss.REGION].rpo is None
    assert rows(nats_args(leafNodes=LEAF_NODES))[Loss.REGION].rpo is None
    copied = rows(nats_args(leafNodes=LEAF_NODES), dr_stack="production-dr")
    for loss in (Loss.CLUSTER, Loss.REGION):
        assert copied[loss].rpo is not None
        assert (copied[loss].means, copied[loss].decision) == ("mirrors in production-dr", Decision.INCIDENT_COMMANDER)
        assert copied[loss].runbook == "nats-failover"


def test_who_holds_copies_alone_loses_nothing_while_their_origin_goes_on() -> None:
    remote = {"name": "nats", "host": "nats.example.org", "cidrs": ["10.20.0.0/24"], "secret": "nats-links"}
    copies = {"mirrors": {"payments": {"maxBytes": "1Gi", "maxAge": "7d"}}, "keyValues": {"prices": {"maxBytes": "1Gi", "mirror": True}}}
    follower = {"name": "dr", "remote": remote, "clients": {}, "backup": {}} | copies
    found = rows(nats_args(**follower, streams={}), stored=True, volumes_lose=timedelta(minutes=40))
    for loss in (Loss.DELETION, Loss.CLUSTER, Loss.REGION):
        assert (found[loss].rpo, found[loss].means) == (timedelta(0), "nats goes on, and is copied anew")
    # What it has of its own is nowhere else.
    assert rows(nats_args(**follower), stored=True)[Loss.REGION].rpo is None
