from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from facts.tiers import Tier
from policies.model import Rule
from policies.rules.database.backup_retention import BACKUP_RETENTION
from policies.rules.database.deletion import DELETION_PROTECTION, FINAL_SNAPSHOT
from policies.rules.database.exposure import AWS_ENDPOINT, ENCRYPTION
from policies.rules.database.high_availability import CLUSTER_STANDBY, INSTANCE_STANDBY
from policies.rules.database.kinds import RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE
from policies.rules.database.transport import CLUSTER_PARAMETER_GROUP, DEFAULT_PARAMETERS, PARAMETER_GROUP, PARAMETERS
from policies.values import UNKNOWN
from tests.policies.rules.database.fixtures import CLUSTER, INSTANCE, REPLICA, RULES
from tests.policies.rules.judging import PRODUCTION, STAGING, changed, judge, only, resource, undecided, urn_of


def members(count: int, identifier: Any = "plinth", **options: Any) -> list[Any]:
    return [resource(RDS_CLUSTER_INSTANCE, {"clusterIdentifier": identifier}, f"member-{index}", **options) for index in range(count)]


def test_a_highly_available_instance_is_clean() -> None:
    database = resource(RDS_INSTANCE, INSTANCE)
    assert judge(RULES, database) == []
    assert undecided(database) == []


@pytest.mark.parametrize(
    ("path", "value", "rule", "where"),
    [
        ("multiAz", False, INSTANCE_STANDBY, "multiAz = false"),
        ("multiAz", None, INSTANCE_STANDBY, "multiAz = not set"),
        ("backupRetentionPeriod", 29.0, BACKUP_RETENTION, "backupRetentionPeriod = 29"),
        ("backupRetentionPeriod", "7", BACKUP_RETENTION, "backupRetentionPeriod = '7'"),
        ("backupRetentionPeriod", 0.0, BACKUP_RETENTION, "backupRetentionPeriod = 0"),
        ("backupRetentionPeriod", 36.0, BACKUP_RETENTION, "backupRetentionPeriod = 36"),
        ("backupRetentionPeriod", None, BACKUP_RETENTION, "backupRetentionPeriod = not set"),
        ("skipFinalSnapshot", True, FINAL_SNAPSHOT, "skipFinalSnapshot = true"),
        ("finalSnapshotIdentifier", None, FINAL_SNAPSHOT, "finalSnapshotIdentifier = not set"),
        ("finalSnapshotIdentifier", "", FINAL_SNAPSHOT, "finalSnapshotIdentifier = ''"),
        ("deletionProtection", False, DELETION_PROTECTION, "deletionProtection = false"),
        ("deletionProtection", None, DELETION_PROTECTION, "deletionProtection = not set"),
        ("publiclyAccessible", True, AWS_ENDPOINT, "publiclyAccessible = true"),
        ("storageEncrypted", False, ENCRYPTION, "storageEncrypted = false"),
        ("storageEncrypted", None, ENCRYPTION, "storageEncrypted = not set"),
        ("engineVersion", "14.12", DEFAULT_PARAMETERS, "parameterGroupName = not set"),
    ],
)
def test_one_broken_field_of_an_instance_is_the_one_violation(path: str, value: Any, rule: Rule, where: str) -> None:
    database = resource(RDS_INSTANCE, changed(INSTANCE, path, value))
    only(judge(RULES, database), rule, where)
    assert undecided(database) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("backupRetentionPeriod", "30"),
        ("backupRetentionPeriod", 35.0),
        ("skipFinalSnapshot", None),
        ("publiclyAccessible", None),
        ("finalSnapshotIdentifier", UNKNOWN),
        ("engine", None),
        ("engineVersion", None),
    ],
)
def test_other_ways_to_write_an_instance_are_clean(path: str, value: Any) -> None:
    database = resource(RDS_INSTANCE, changed(INSTANCE, path, value))
    assert judge(RULES, database) == []
    assert undecided(database) == []


@pytest.mark.parametrize(
    "path",
    [
        "multiAz",
        "backupRetentionPeriod",
        "skipFinalSnapshot",
        "deletionProtection",
        "publiclyAccessible",
        "storageEncrypted",
        "engine",
        "engineVersion",
    ],
)
def test_what_is_unknown_of_an_instance_is_undecided(path: str) -> None:
    database = resource(RDS_INSTANCE, changed(INSTANCE, path, UNKNOWN))
    assert judge(RULES, database) == []
    assert undecided(database) == [path]


@pytest.mark.parametrize("tier", [Tier.LOCAL, Tier.DEV, Tier.STAGING])
def test_seven_days_of_backups_are_enough_outside_production_and_none_never(tier: Tier) -> None:
    facts = replace(PRODUCTION, tier=tier)
    rules = [BACKUP_RETENTION]
    assert judge(rules, resource(RDS_INSTANCE, changed(INSTANCE, "backupRetentionPeriod", 7.0)), facts=facts) == []
    only(judge(rules, resource(RDS_INSTANCE, changed(INSTANCE, "backupRetentionPeriod", 6.0)), facts=facts), BACKUP_RETENTION, "= 6")
    only(judge(rules, resource(RDS_INSTANCE, changed(INSTANCE, "backupRetentionPeriod", None)), facts=facts), BACKUP_RETENTION, "not set")


def test_a_read_replica_leaves_standby_backups_and_snapshot_to_its_primary() -> None:
    replica = resource(RDS_INSTANCE, REPLICA)
    assert judge(RULES, replica) == []
    assert undecided(replica) == []


def test_a_read_replica_must_be_private_and_encrypted_all_the_same() -> None:
    only(judge(RULES, resource(RDS_INSTANCE, changed(REPLICA, "publiclyAccessible", value=True))), AWS_ENDPOINT, "= true")
    only(judge(RULES, resource(RDS_INSTANCE, changed(REPLICA, "storageEncrypted", value=False))), ENCRYPTION, "= false")


def test_other_engines_need_no_standby_but_protection_and_privacy() -> None:
    other = changed(changed(changed(INSTANCE, "engine", "mysql"), "multiAz", value=False), "backupRetentionPeriod", 1.0)
    assert judge(RULES, resource(RDS_INSTANCE, other)) == []
    only(judge(RULES, resource(RDS_INSTANCE, changed(other, "deletionProtection", None))), DELETION_PROTECTION, "not set")


def test_a_cluster_with_two_instances_is_clean() -> None:
    resources = [resource(RDS_CLUSTER, CLUSTER), *members(2)]
    assert judge(RULES, *resources) == []
    assert undecided(*resources) == []


@pytest.mark.parametrize("count", [0, 1])
def test_a_cluster_with_fewer_instances_cannot_fail_over(count: int) -> None:
    cluster = resource(RDS_CLUSTER, CLUSTER)
    assert only(judge(RULES, cluster, *members(count)), CLUSTER_STANDBY, "clusterIdentifier = 'plinth'").urn == cluster.urn


@pytest.mark.parametrize(
    ("path", "value", "rule", "where"),
    [
        ("backupRetentionPeriod", None, BACKUP_RETENTION, "backupRetentionPeriod = not set"),
        ("skipFinalSnapshot", True, FINAL_SNAPSHOT, "skipFinalSnapshot = true"),
        ("finalSnapshotIdentifier", None, FINAL_SNAPSHOT, "finalSnapshotIdentifier = not set"),
        ("deletionProtection", None, DELETION_PROTECTION, "deletionProtection = not set"),
        ("storageEncrypted", None, ENCRYPTION, "storageEncrypted = not set"),
    ],
)
def test_one_broken_field_of_a_cluster_is_the_one_violation(path: str, value: Any, rule: Rule, where: str) -> None:
    only(judge(RULES, resource(RDS_CLUSTER, changed(CLUSTER, path, value)), *members(2)), rule, where)


def test_instances_of_another_cluster_do_not_count() -> None:
    clusters = [resource(RDS_CLUSTER, CLUSTER, "one"), resource(RDS_CLUSTER, changed(CLUSTER, "clusterIdentifier", "other"), "two")]
    found = judge(RULES, *clusters, *members(2), *members(1, "other"))
    assert only(found, CLUSTER_STANDBY, "clusterIdentifier = 'other'").urn == clusters[1].urn


def test_instances_are_told_apart_by_their_dependency_where_identifiers_are_unknown() -> None:
    clusters = [resource(RDS_CLUSTER, CLUSTER, "one"), resource(RDS_CLUSTER, CLUSTER, "two")]
    follow = [members(2, UNKNOWN, depends_on=[clusters[0].urn]), members(1, UNKNOWN, depends_on=[clusters[1].urn])]
    resources = [*clusters, *follow[0], *follow[1]]
    assert only(judge(RULES, *resources), CLUSTER_STANDBY, "clusterIdentifier").urn == clusters[1].urn
    assert undecided(*resources) == []


def test_instances_of_an_unknown_cluster_are_those_of_the_only_one() -> None:
    resources = [resource(RDS_CLUSTER, changed(CLUSTER, "clusterIdentifier", None)), *members(2, UNKNOWN)]
    assert judge(RULES, *resources) == []
    assert undecided(*resources) == []


def test_instances_that_may_be_of_either_cluster_are_undecided() -> None:
    resources = [resource(RDS_CLUSTER, CLUSTER, "one"), resource(RDS_CLUSTER, CLUSTER, "two"), *members(2, UNKNOWN)]
    assert judge(RULES, *resources) == []
    assert undecided(*resources) == ["clusterIdentifier", "clusterIdentifier"]


def test_a_multi_az_cluster_brings_its_standbys_itself() -> None:
    multi_az = {**CLUSTER, "engine": "postgres", "dbClusterInstanceClass": "db.m6gd.large", "dbSubnetGroupName": UNKNOWN}
    assert judge(RULES, resource(RDS_CLUSTER, multi_az)) == []
    only(judge(RULES, resource(RDS_CLUSTER, changed(multi_az, "dbSubnetGroupName", None))), AWS_ENDPOINT, "publiclyAccessible = not set")
    only(judge(RULES, resource(RDS_CLUSTER, {**multi_az, "publiclyAccessible": True})), AWS_ENDPOINT, "publiclyAccessible = true")


def test_a_cluster_of_another_engine_or_that_replicates_needs_no_second_instance() -> None:
    assert judge(RULES, resource(RDS_CLUSTER, changed(CLUSTER, "engine", "aurora-mysql"))) == []
    assert judge(RULES, resource(RDS_CLUSTER, {**CLUSTER, "replicationSourceIdentifier": UNKNOWN})) == []


def test_an_aurora_instance_must_not_be_public() -> None:
    open_member = resource(RDS_CLUSTER_INSTANCE, {"clusterIdentifier": "plinth", "publiclyAccessible": True}, "open")
    only(judge(RULES, resource(RDS_CLUSTER, CLUSTER), *members(1), open_member), AWS_ENDPOINT, "publiclyAccessible = true")


def test_serverless_aurora_is_encrypted_by_itself() -> None:
    serverless = changed({**CLUSTER, "engineMode": "serverless"}, "storageEncrypted", None)
    assert judge([ENCRYPTION], resource(RDS_CLUSTER, serverless)) == []


def group(family: Any, value: Any = None) -> dict[str, Any]:
    parameters = [{"name": "log_min_duration_statement", "value": "500"}]
    return {"family": family, "parameters": parameters if value is None else [*parameters, {"name": "rds.force_ssl", "value": value}]}


@pytest.mark.parametrize(
    ("token", "properties"),
    [
        (PARAMETER_GROUP, group("postgres16", "1")),
        (PARAMETER_GROUP, group("postgres14", 1.0)),
        (PARAMETER_GROUP, group("postgres15")),
        (PARAMETER_GROUP, {"family": "postgres16"}),
        (PARAMETER_GROUP, group("mysql8.0")),
        (PARAMETER_GROUP, group("aurora-postgresql16")),
        (CLUSTER_PARAMETER_GROUP, group("aurora-postgresql16", "1")),
        (CLUSTER_PARAMETER_GROUP, group("aurora-postgresql17")),
        (CLUSTER_PARAMETER_GROUP, group("postgres16")),
    ],
)
def test_parameters_that_force_tls_are_clean(token: str, properties: dict[str, Any]) -> None:
    parameters = resource(token, properties)
    assert judge(RULES, parameters) == []
    assert undecided(parameters) == []


@pytest.mark.parametrize(
    ("token", "properties", "where"),
    [
        (PARAMETER_GROUP, group("postgres16", "0"), "parameters[1].value = '0'"),
        (PARAMETER_GROUP, group("postgres16", "off"), "parameters[1].value = 'off'"),
        (PARAMETER_GROUP, group("postgres14"), "parameters = 1 element"),
        (PARAMETER_GROUP, {"family": "postgres9.6"}, "parameters = not set"),
        (CLUSTER_PARAMETER_GROUP, group("aurora-postgresql16"), "parameters = 1 element"),
        (CLUSTER_PARAMETER_GROUP, group("aurora-postgresql16", "0"), "parameters[1].value = '0'"),
    ],
)
def test_parameters_that_allow_plain_connections_are_the_one_violation(token: str, properties: dict[str, Any], where: str) -> None:
    only(judge(RULES, resource(token, properties)), PARAMETERS, where)


@pytest.mark.parametrize(
    ("properties", "noted"),
    [
        (group(UNKNOWN), "family"),
        (group("postgres16", UNKNOWN), "parameters[1].value"),
        ({"family": "postgres14", "parameters": UNKNOWN}, "parameters"),
    ],
)
def test_unknown_parameters_are_undecided(properties: dict[str, Any], noted: str) -> None:
    parameters = resource(PARAMETER_GROUP, properties)
    assert judge(RULES, parameters) == []
    assert undecided(parameters) == [noted]


def test_an_old_instance_with_parameters_of_its_own_is_judged_by_them() -> None:
    assert judge(RULES, resource(RDS_INSTANCE, {**INSTANCE, "engineVersion": "14.12", "parameterGroupName": UNKNOWN})) == []


def test_staging_is_judged_alike_on_privacy() -> None:
    found = judge([AWS_ENDPOINT], resource(RDS_INSTANCE, changed(INSTANCE, "publiclyAccessible", value=True)), facts=STAGING)
    only(found, AWS_ENDPOINT, "publiclyAccessible")
    assert urn_of(RDS_INSTANCE, "it").endswith("::it")
