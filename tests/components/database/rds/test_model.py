from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from facts.aws import CLUSTER_FAMILIES
from tests.components.database.rds.settings import database_settings, readable_settings

TOPIC = "arn:aws:sns:eu-west-1:111122223333:oncall"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backupRetention": "0d"}, "allowed is a duration of 1d to 35d"),
        ({"backupRetention": "36d"}, "allowed is a duration of 1d to 35d"),
        ({"maxStorage": "109Gi"}, "RDS asks for at least 10 % more"),
        ({"maxStorage": None}, "say how far the storage may grow"),
        ({"maintenanceWindow": "sun:03:30-sun:04:30"}, "overlaps maintenance window"),
        ({"insightsRetention": "30d"}, "Performance Insights offers"),
        ({"logRetention": "2d"}, "CloudWatch Logs offers"),
        ({"engineVersion": "17"}, "exact version of PostgreSQL"),
        ({"instanceClass": "db.x2g.large"}, "of the families t, m or r"),
        ({"upgradeFrom": 17}, "17 is not older than 17.9"),
        ({"upgradeFrom": 15}, "greater than or equal to 16"),
        ({"alarms": {"emails": ["a@example.com", "a@example.com"]}}, "a@example.com stands twice"),
        ({"alarms": {"emails": ["nobody"]}}, "allowed is an e-mail address"),
        ({"alarms": {"topicArns": [f"{TOPIC}-{number}" for number in range(5)]}}, "at most 4 items"),
        ({"alarms": {"topicArns": ["https://events.example.com/key"]}}, "allowed is the ARN of an SNS topic"),
    ],
)
def test_what_rds_would_refuse_is_refused_at_once(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        database_settings(**changes)


@pytest.mark.parametrize(
    "name", ["postgres", "rdsadmin", "rds_iam", "template1", "pg_catalog", "user", "db", "platform_admin", "azure_pg_admin"]
)
def test_a_name_that_postgresql_or_rds_keeps_for_itself_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=f"{name} is a name that PostgreSQL or the service that runs it keeps for itself"):
        database_settings(name=name)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"multiAz": False}, "readable standbys are in other zones; set it to true"),
        ({"maxStorage": "1000Gi"}, "RDS does not grow the storage .* set it to null"),
        ({"instanceClass": "db.m7g.large"}, "db.m7g.large is not offered with readableStandbys; .* db.m6gd"),
        ({"instanceClass": "db.m6gdx.large"}, "allowed is a class|is not offered"),
    ],
)
def test_what_rds_does_not_offer_with_readable_standbys_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        readable_settings(**changes)


@pytest.mark.parametrize("family", CLUSTER_FAMILIES)
def test_readable_standbys_are_of_the_families_that_have_local_disks(family: str) -> None:
    assert readable_settings(instanceClass=f"db.{family}.xlarge").max_storage_gib is None


def test_storage_may_grow_by_just_a_tenth() -> None:
    assert database_settings(maxStorage="110Gi").max_storage_gib == 110


@pytest.mark.parametrize(("version", "major"), [("16.13", 16), ("17.9", 17)])
def test_the_major_is_that_of_the_version(version: str, major: int) -> None:
    assert database_settings(engineVersion=version).major == major


@pytest.mark.parametrize(("retention", "mode"), [("7d", "standard"), ("434d", "standard"), ("465d", "advanced"), ("731d", "advanced")])
def test_fifteen_months_of_history_make_the_mode_advanced(retention: str, mode: str) -> None:
    assert database_settings(insightsRetention=retention).insights_mode == mode
