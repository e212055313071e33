"""A database whose standbys can be read from; what it has in common with an instance is tested there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.database.rds.arguments import RdsPostgresArgs
from components.database.rds.postgres import RdsPostgres
from tests.components.database.rds.settings import database_args, readable_settings
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

ARGS = database_args(readable_settings())
CLUSTER = "aws:rds/cluster:Cluster"
PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


def database(preview: Preview, args: RdsPostgresArgs = ARGS) -> Run:
    return preview(lambda: RdsPostgres("db", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return database(preview)


@pytest.fixture
def cluster(run: Run) -> RecordedResource:
    return the(run, CLUSTER, "db-cluster")


def test_the_standbys_come_with_the_cluster_and_not_one_by_one(run: Run, cluster: RecordedResource) -> None:
    assert cluster.inputs["engine"] == "postgres"
    assert cluster.inputs["dbClusterInstanceClass"] == "db.m6gd.large"
    assert not of_type(run, "aws:rds/instance:Instance")
    assert not of_type(run, "aws:rds/clusterInstance:ClusterInstance")
    assert the(run, "aws:rds/subnetGroup:SubnetGroup", "db-subnets").inputs["subnetIds"] == ["subnet-1", "subnet-2", "subnet-3"]


def test_the_cluster_is_private_encrypted_and_speaks_tls_only(run: Run, cluster: RecordedResource) -> None:
    assert cluster.inputs["publiclyAccessible"] is False
    assert cluster.inputs["storageEncrypted"] is True
    assert cluster.inputs["caCertificateIdentifier"] == "rds-ca-rsa2048-g1"
    (group,) = of_type(run, PARAMETERS)
    assert group.urn in cluster.dependencies
    assert group.inputs["family"] == "postgres17"
    assert {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"} in group.inputs["parameters"]


def test_nobody_knows_the_administrators_password(cluster: RecordedResource) -> None:
    assert cluster.inputs["manageMasterUserPassword"] is True
    assert "masterPassword" not in cluster.inputs
    assert cluster.inputs["iamDatabaseAuthenticationEnabled"] is True


def test_the_cluster_is_backed_up_and_cannot_be_lost_by_mistake(cluster: RecordedResource) -> None:
    assert cluster.inputs["backupRetentionPeriod"] == 30
    assert cluster.inputs["preferredBackupWindow"] == "03:00-04:00"
    assert cluster.inputs["preferredMaintenanceWindow"] == "sun:04:30-sun:05:30"
    assert cluster.inputs["deletionProtection"] is True
    assert option(cluster, "protect")


def test_a_cluster_marked_for_teardown_loses_no_snapshot(preview: Preview) -> None:
    run = database(preview, replace(ARGS, retain=False))
    inputs = the(run, CLUSTER, "db-cluster").inputs
    assert inputs["deletionProtection"] is False
    assert inputs["skipFinalSnapshot"] is False
    assert "finalSnapshotIdentifier" in inputs
    assert inputs["deleteAutomatedBackups"] is False
    assert not any(option(resource, "protect") for resource in run.resources)


def test_rds_chooses_the_speed_of_small_storage_and_is_not_asked_to_take_it_back(cluster: RecordedResource) -> None:
    assert (cluster.inputs["storageType"], cluster.inputs["allocatedStorage"]) == ("gp3", 100)
    assert "iops" not in cluster.inputs
    assert option(cluster, "ignore_changes") == ["iops"]


def test_storage_of_400_gibibytes_has_the_speed_that_rds_asks_for(preview: Preview) -> None:
    run = database(preview, replace(ARGS, settings=readable_settings(storage="400Gi")))
    large = the(run, CLUSTER, "db-cluster")
    assert large.inputs["iops"] == 12_000
    assert not option(large, "ignore_changes")


def test_a_major_upgrade_keeps_the_old_parameters_until_it_is_through(preview: Preview) -> None:
    run = database(preview, replace(ARGS, settings=readable_settings(upgradeFrom=16)))
    assert the(run, CLUSTER, "db-cluster").inputs["allowMajorVersionUpgrade"] is True
    assert {group.inputs["family"] for group in of_type(run, PARAMETERS)} == {"postgres16", "postgres17"}


def test_log_groups_are_there_before_the_cluster_writes_to_them(run: Run, cluster: RecordedResource) -> None:
    groups = {group.inputs["name"]: group for group in of_type(run, LOG_GROUP)}
    assert set(groups) == {"/aws/rds/cluster/plinth-production/postgresql", "/aws/rds/cluster/plinth-production/upgrade"}
    assert all(group.urn in cluster.dependencies for group in groups.values())


def test_each_instance_of_the_cluster_has_its_alarms_since_any_may_be_the_writer(run: Run) -> None:
    alarms = {alarm.inputs["name"]: alarm.inputs for alarm in of_type(run, ALARM)}
    instances = [f"plinth-production-instance-{number}" for number in (1, 2, 3)]
    assert set(alarms) == {f"{instance}-{role}" for instance in instances for role in ("connections", "storage", "cpu", "lag")}
    assert all(name.startswith(alarm["dimensions"]["DBInstanceIdentifier"]) for name, alarm in alarms.items())


def test_the_writer_which_has_no_lag_raises_no_alarm_by_its_silence(run: Run) -> None:
    lag = the(run, ALARM, "db-alarm-lag-2").inputs
    assert (lag["metricName"], lag["threshold"], lag["treatMissingData"]) == ("ReplicaLag", 600, "notBreaching")
    assert not lag.get("insufficientDataActions")
