"""Which requirements a finding is about: those of every production database, and those of the enterprise tier."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policies.findings import Finding
from policies.model import Provider, Resource, Rule
from policies.rules.database.archive import cloudnative_pg_keeps_backups_long_enough
from policies.rules.database.backup_retention import postgres_keeps_backups_long_enough
from policies.rules.database.copies import postgres_has_a_copy_in_another_region
from policies.rules.database.high_availability import (
    cloudnative_pg_has_synchronous_standby_in_another_zone,
    postgres_cluster_has_two_instances,
    postgres_has_standby_in_another_zone,
)
from policies.values import UNKNOWN
from tests.policies.rules.cases import changed, judge, noted, traced
from tests.policies.rules.database.good import BACKUP_PLAN, CLUSTER, EVERYTHING, IN_CLUSTER, INSTANCE, SERVER

DAYS = "backupRetentionPeriod"
SINGLE = changed(INSTANCE, {"multiAz": False})
COMMON = ("PG-002", "PG-007")
WHOLE = (*COMMON, "PG-008", "DR-002")
TAGS: tuple[dict[str, Any], ...] = ({"tier": "enterprise"}, {"tier": "Enterprise"}, {"platform:tier": "enterprise"})


def said(rule: Rule, *resources: Resource) -> Finding:
    ((_, finding),) = judge([rule], traced(resources))
    return finding


@pytest.mark.parametrize("tags", TAGS)
def test_an_enterprise_database_without_a_standby_fails_more_requirements(tags: dict[str, Any]) -> None:
    assert said(postgres_has_standby_in_another_zone, SINGLE).requirements == COMMON
    assert said(postgres_has_standby_in_another_zone, changed(SINGLE, {"tags": tags})).requirements == WHOLE


@pytest.mark.parametrize("tags", [{"tier": "standard"}, {"team": "enterprise"}, {"tier": None}])
def test_another_tag_makes_none(tags: dict[str, Any]) -> None:
    assert said(postgres_has_standby_in_another_zone, changed(SINGLE, {"tags": tags})).requirements == COMMON


def test_every_kind_of_database_has_tiers() -> None:
    enterprise = {"tags": {"tier": "enterprise"}}
    assert said(postgres_has_standby_in_another_zone, changed(SERVER, {"highAvailability": None, **enterprise})).requirements == WHOLE
    assert said(postgres_cluster_has_two_instances, changed(CLUSTER, enterprise)).requirements == WHOLE
    for kind in ("labels", "annotations"):
        labelled = changed(IN_CLUSTER, {f"metadata.{kind}": {"platform/tier": "enterprise"}, "spec.instances": 1.0})
        assert said(cloudnative_pg_has_synchronous_standby_in_another_zone, labelled).requirements == WHOLE


def test_a_tag_of_the_provider_counts() -> None:
    provider = Provider(urn="aws", type="pulumi:providers:aws", properties={"defaultTags": '{"tags": {"tier": "enterprise"}}'})
    tagged = replace(SINGLE, provider=provider)
    assert said(postgres_has_standby_in_another_zone, tagged).requirements == WHOLE


def test_a_tier_that_is_unknown_leaves_the_rest_decided() -> None:
    (database,) = traced([changed(SINGLE, {"tags": {"tier": UNKNOWN}})])
    ((_, finding),) = judge([postgres_has_standby_in_another_zone], [database])
    assert finding.requirements == COMMON
    assert noted([database]) == ["tags.tier"]


@pytest.mark.parametrize(
    ("days", "tier", "requirements"),
    [
        (0.0, "standard", ("PG-004", "PG-007")),
        (None, "standard", ("PG-004", "PG-007")),
        (7.0, "standard", ("PG-004",)),
        (7.0, "enterprise", ("PG-004", "DR-002")),
        (0.0, "enterprise", ("PG-004", "PG-007", "DR-002")),
        (36.0, "enterprise", ("PG-004",)),
    ],
)
def test_no_backups_are_no_recovery_to_a_point_in_time(days: float | None, tier: str, requirements: tuple[str, ...]) -> None:
    database = changed(INSTANCE, {DAYS: days, "tags": {"tier": tier}})
    assert said(postgres_keeps_backups_long_enough, database).requirements == requirements


def test_a_log_that_is_not_archived_is_no_recovery_to_a_point_in_time() -> None:
    assert said(cloudnative_pg_keeps_backups_long_enough, changed(IN_CLUSTER, {"spec.plugins": None})).requirements == ("PG-004", "PG-007")


def test_snapshots_elsewhere_are_enough_for_all_but_the_enterprise_tier() -> None:
    enterprise = changed(INSTANCE, {"tags": {"tier": "enterprise"}})
    rule = postgres_has_a_copy_in_another_region
    assert said(rule, INSTANCE).requirements == ("PG-012", "DR-007")
    assert said(rule, enterprise).requirements == ("PG-012", "DR-007", "PG-007", "DR-002")
    assert said(rule, enterprise, BACKUP_PLAN, EVERYTHING).requirements == ("PG-007",)
    assert list(judge([rule], traced([INSTANCE, BACKUP_PLAN, EVERYTHING]))) == []
