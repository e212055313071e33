"""What a table of recovery says of databases follows from their settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from components.database.cloudnativepg.recovery import recovery as in_cluster
from components.database.cloudnativepg.recovery import restore_time
from components.database.flexible_server.recovery import recovery as on_azure
from components.database.rds.recovery import recovery as on_aws
from components.database.recovery import recovery_tags
from components.models.recovery import RecoveryTargets
from components.recovery import Decision, Loss, Recovery
from tests.components.database.cloudnativepg.examples import database_args
from tests.components.database.flexible_server.settings import database_settings as azure_settings
from tests.components.database.rds.settings import database_settings as aws_settings
from tests.components.database.rds.settings import readable_settings
from tests.tools import ROOT

ALONE: dict[str, Any] = {"multiAz": False}


def by_loss(rows: Any) -> dict[Loss, Recovery]:
    return {row.loss: row for row in rows}


def cluster(*, zoned: bool = True, archive_elsewhere: bool = True, **settings: Any) -> dict[Loss, Recovery]:
    return by_loss(in_cluster(database_args(**settings).settings, zoned=zoned, archive_elsewhere=archive_elsewhere))


EVERY = [
    by_loss(on_aws(aws_settings(), second_region="eu-central-1")),
    by_loss(on_aws(readable_settings(), second_region=None)),
    by_loss(on_aws(aws_settings(**ALONE), second_region=None)),
    by_loss(on_azure(azure_settings())),
    by_loss(on_azure(azure_settings(**ALONE, geoRedundantBackup=False))),
    cluster(),
    cluster(instances=1, archive_elsewhere=False),
]


@pytest.mark.parametrize("rows", EVERY)
def test_who_has_to_act_finds_what_to_do(rows: dict[Loss, Recovery]) -> None:
    assert {Loss.SERVER, Loss.ZONE, Loss.DELETION, Loss.REGION} <= set(rows)
    for row in rows.values():
        if row.decision is Decision.AUTOMATIC:
            assert (row.runbook, row.rpo) == (None, timedelta(0))
        elif row.rpo is not None:
            assert (ROOT / "runbooks" / f"{row.runbook}.md").is_file()
        else:
            assert row.runbook is None
    assert rows[Loss.REGION].decision is Decision.INCIDENT_COMMANDER


@pytest.mark.parametrize("rows", [EVERY[0], EVERY[1], EVERY[3], EVERY[5]])
def test_a_standby_in_another_zone_achieves_what_the_enterprise_asks_for(rows: dict[Loss, Recovery]) -> None:
    for loss in (Loss.SERVER, Loss.ZONE):
        assert rows[loss].declared == RecoveryTargets.model_validate({"rpo": "5m", "rto": "10m"})
        assert rows[loss].achieves


@pytest.mark.parametrize("rows", [EVERY[2], EVERY[4], EVERY[6]])
def test_without_a_standby_the_loss_of_a_zone_goes_beyond_it(rows: dict[Loss, Recovery]) -> None:
    assert not rows[Loss.ZONE].achieves
    assert rows[Loss.ZONE].decision is Decision.ON_CALL


def test_a_region_comes_back_from_where_its_backups_are_copied_to_and_from_nowhere_else() -> None:
    assert EVERY[0][Loss.REGION].rpo == timedelta(minutes=30)
    assert "eu-central-1" in EVERY[0][Loss.REGION].means
    assert EVERY[3][Loss.REGION].rpo == timedelta(hours=1)
    for rows in (EVERY[1], EVERY[2], EVERY[4], EVERY[6]):
        assert (rows[Loss.REGION].rpo, rows[Loss.REGION].rto) == (None, None)
    # RDS copies nothing of a Multi-AZ DB cluster, whatever the second region is.
    assert by_loss(on_aws(readable_settings(), second_region="eu-central-1"))[Loss.REGION].rpo is None
    assert EVERY[6][Loss.CLUSTER].rpo is None
    assert EVERY[5][Loss.CLUSTER].rpo == timedelta(minutes=6)


def test_instances_without_zones_survive_a_server_and_no_zone() -> None:
    rows = cluster(zoned=False)
    assert rows[Loss.SERVER].achieves
    assert not rows[Loss.ZONE].achieves


def test_a_restore_takes_as_long_as_its_volume_is_large() -> None:
    # 300 GiB at 50 MiB a second, and an hour around it.
    assert restore_time(database_args(storage="300Gi").settings) == timedelta(minutes=103, hours=1)


@pytest.mark.parametrize(
    ("rpo", "rto", "tier"), [("5m", "10m", "enterprise"), ("0s", "1m", "enterprise"), ("6m", "10m", None), ("5m", "11m", None)]
)
def test_the_tier_follows_from_the_targets(rpo: str, rto: str, tier: str | None) -> None:
    tags = recovery_tags(RecoveryTargets.model_validate({"rpo": rpo, "rto": rto}))
    assert tags["platform:rto"] == rto
    assert tags.get("tier") == tier
