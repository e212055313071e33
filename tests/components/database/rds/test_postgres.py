from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.aws import LogRetentionError
from components.database.rds.insights import InsightsRetentionError
from components.database.rds.parameters import EngineVersionError
from components.database.rds.postgres import DatabaseError, RdsPostgres, RdsPostgresArgs
from components.database.rds.sizing import InstanceClassError
from facts.windows import WindowError
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

ARGS = RdsPostgresArgs(
    region="eu-west-1",
    account_id="111122223333",
    identifier="plinth-production",
    database_name="platform",
    engine_version="17.6",
    instance_class="db.m7g.large",
    allocated_storage_gib=100,
    max_allocated_storage_gib=1000,
    multi_az=True,
    vpc_id="vpc-1",
    subnet_ids=["subnet-1", "subnet-2", "subnet-3"],
    client_security_groups={"cluster": "sg-cluster"},
    backup_retention_days=30,
    backup_window="03:00-04:00",
    maintenance_window="sun:04:30-sun:05:30",
    insights_retention_days=465,
    log_retention_days=365,
    retain=True,
)
INSTANCE = "aws:rds/instance:Instance"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
KEY = "aws:kms/key:Key"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def database(preview: Preview, args: RdsPostgresArgs = ARGS) -> Run:
    return preview(lambda: RdsPostgres("db", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return database(preview)


@pytest.fixture
def primary(run: Run) -> RecordedResource:
    return the(run, INSTANCE, "db-primary")


def test_everything_belongs_to_the_component(run: Run) -> None:
    (component,) = of_type(run, "plinth:database:RdsPostgres")
    assert all(resource.parent == component.urn for resource in run.resources if resource.type.startswith("aws:"))


def test_the_database_is_private_encrypted_and_speaks_tls_only(run: Run, primary: RecordedResource) -> None:
    assert primary.inputs["publiclyAccessible"] is False
    assert primary.inputs["storageEncrypted"] is True
    assert primary.inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
    assert the(run, KEY, "db-storage-key").urn in primary.dependencies
    assert the(run, "aws:rds/subnetGroup:SubnetGroup", "db-subnets").inputs["subnetIds"] == ["subnet-1", "subnet-2", "subnet-3"]
    (group,) = of_type(run, "aws:rds/parameterGroup:ParameterGroup")
    assert group.inputs["family"] == "postgres17"
    assert {"name": "rds.force_ssl", "value": "1", "applyMethod": "immediate"} in group.inputs["parameters"]


def test_only_the_named_security_groups_reach_the_port_and_the_database_reaches_nobody(run: Run) -> None:
    (rule,) = of_type(run, INGRESS)
    assert rule.name == "db-from-cluster"
    assert rule.inputs["referencedSecurityGroupId"] == "sg-cluster"
    assert (rule.inputs["ipProtocol"], rule.inputs["fromPort"], rule.inputs["toPort"]) == ("tcp", 5432, 5432)
    (group,) = of_type(run, "aws:ec2/securityGroup:SecurityGroup")
    assert not {"ingress", "egress"} & set(group.inputs)
    assert not of_type(run, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")


def test_nobody_knows_the_administrators_password(run: Run, primary: RecordedResource) -> None:
    assert primary.inputs["manageMasterUserPassword"] is True
    assert "password" not in primary.inputs
    assert the(run, KEY, "db-secret-key").urn in primary.dependencies
    assert primary.inputs["iamDatabaseAuthenticationEnabled"] is True


def test_the_database_is_backed_up_every_night_and_to_any_moment(primary: RecordedResource) -> None:
    assert primary.inputs["backupRetentionPeriod"] == 30
    assert primary.inputs["backupWindow"] == "03:00-04:00"
    assert primary.inputs["maintenanceWindow"] == "sun:04:30-sun:05:30"
    assert primary.inputs["multiAz"] is True
    assert primary.inputs["copyTagsToSnapshot"] is True


def test_a_retained_database_cannot_be_lost_by_mistake(run: Run, primary: RecordedResource) -> None:
    assert primary.inputs["deletionProtection"] is True
    assert primary.inputs["skipFinalSnapshot"] is False
    assert primary.inputs["finalSnapshotIdentifier"] == "plinth-production-final"
    assert primary.inputs["deleteAutomatedBackups"] is False
    assert primary.inputs["applyImmediately"] is False
    for token in (INSTANCE, KEY, LOG_GROUP):
        assert all(option(resource, "protect") and option(resource, "retain_on_delete") for resource in of_type(run, token))


def test_a_database_that_is_not_retained_goes_without_a_trace(preview: Preview) -> None:
    run = database(preview, replace(ARGS, retain=False))
    inputs = the(run, INSTANCE, "db-primary").inputs
    assert inputs["deletionProtection"] is False
    assert inputs["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in inputs
    assert inputs["deleteAutomatedBackups"] is True
    assert inputs["applyImmediately"] is True
    assert not any(option(resource, "protect") or option(resource, "retain_on_delete") for resource in run.resources)


def test_the_version_is_exact_and_does_not_change_by_itself(primary: RecordedResource) -> None:
    assert primary.inputs["engine"] == "postgres"
    assert primary.inputs["engineVersion"] == "17.6"
    assert primary.inputs["autoMinorVersionUpgrade"] is False


def test_storage_grows_by_itself_up_to_its_limit(primary: RecordedResource) -> None:
    assert primary.inputs["storageType"] == "gp3"
    assert primary.inputs["allocatedStorage"] == 100
    assert primary.inputs["maxAllocatedStorage"] == 1000


def test_a_slow_minute_can_be_explained_afterwards(run: Run, primary: RecordedResource) -> None:
    assert primary.inputs["performanceInsightsEnabled"] is True
    assert primary.inputs["performanceInsightsRetentionPeriod"] == 465
    assert primary.inputs["databaseInsightsMode"] == "advanced"
    assert primary.inputs["monitoringInterval"] == 60
    role = the(run, "aws:iam/role:Role", "db-monitoring")
    (statement,) = document(role, "assumeRolePolicy")["Statement"]
    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert the(run, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "db-monitoring-policy").urn in primary.dependencies


def test_log_groups_are_there_encrypted_before_the_database_writes_to_them(run: Run, primary: RecordedResource) -> None:
    groups = {group.inputs["name"]: group for group in of_type(run, LOG_GROUP)}
    assert set(groups) == {"/aws/rds/instance/plinth-production/postgresql", "/aws/rds/instance/plinth-production/upgrade"}
    assert primary.inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    assert all(group.urn in primary.dependencies and group.inputs["retentionInDays"] == 365 for group in groups.values())


def test_alarms_ring_at_nine_tenths_of_connections_low_storage_and_a_busy_processor(run: Run) -> None:
    alarms = {alarm.name: alarm.inputs for alarm in of_type(run, ALARM)}
    assert set(alarms) == {"db-primary-connections", "db-primary-storage", "db-primary-cpu"}
    assert alarms["db-primary-connections"]["metricName"] == "DatabaseConnections"
    assert alarms["db-primary-connections"]["threshold"] == 810
    assert alarms["db-primary-storage"]["comparisonOperator"] == "LessThanThreshold"
    assert alarms["db-primary-storage"]["threshold"] == 10 * 1024**3
    assert all(alarm["namespace"] == "AWS/RDS" for alarm in alarms.values())
    assert all(alarm["dimensions"] == {"DBInstanceIdentifier": "plinth-production"} for alarm in alarms.values())


def test_every_change_of_an_alarm_goes_to_a_topic_that_cloudwatch_may_encrypt_for(run: Run) -> None:
    (topic,) = of_type(run, "aws:sns/topic:Topic")
    key = the(run, KEY, "db-alarms-key")
    assert key.urn in topic.dependencies
    statement = document(key, "policy")["Statement"][1]
    assert statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    for alarm in of_type(run, ALARM):
        assert topic.urn in alarm.dependencies
        assert {"alarmActions", "okActions", "insufficientDataActions"} <= set(alarm.inputs)


def test_every_key_is_rotated(run: Run) -> None:
    assert of_type(run, KEY)
    assert all(key.inputs["enableKeyRotation"] is True for key in of_type(run, KEY))


def test_replicas_follow_the_primary_and_are_watched_for_their_lag(preview: Preview) -> None:
    run = database(preview, replace(ARGS, read_replicas=2))
    primary = the(run, INSTANCE, "db-primary")
    for number in (1, 2):
        replica = the(run, INSTANCE, f"db-replica-{number}")
        assert replica.inputs["identifier"] == f"plinth-production-replica-{number}"
        assert primary.urn in replica.dependencies
        # What RDS refuses of a replica in the region of its source.
        refused = {
            "engineVersion",
            "kmsKeyId",
            "username",
            "manageMasterUserPassword",
            "dbName",
            "finalSnapshotIdentifier",
            "dbSubnetGroupName",
        }
        assert not refused & set(replica.inputs)
        assert replica.inputs["skipFinalSnapshot"] is True
        assert replica.inputs["storageEncrypted"] is True
        assert replica.inputs["publiclyAccessible"] is False
        assert the(run, ALARM, f"db-replica-{number}-replica-lag").inputs["metricName"] == "ReplicaLag"
        assert the(run, LOG_GROUP, f"db-replica-{number}-postgresql-logs").urn in replica.dependencies
    assert not [alarm for alarm in of_type(run, ALARM) if alarm.name == "db-primary-replica-lag"]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"backup_retention_days": 0}, DatabaseError, "0 would turn backups off"),
        ({"backup_retention_days": 36}, DatabaseError, "RDS keeps 1 to 35"),
        ({"max_allocated_storage_gib": 109}, DatabaseError, "RDS asks for at least 10 % more"),
        ({"read_replicas": 16}, DatabaseError, "RDS allows 0 to 15"),
        ({"read_replicas": -1}, DatabaseError, "RDS allows 0 to 15"),
        ({"maintenance_window": "sun:03:30-sun:04:30"}, WindowError, "overlaps"),
        ({"insights_retention_days": 8}, InsightsRetentionError, "no Performance Insights retention of 8 days"),
        ({"engine_version": "17"}, EngineVersionError, "exact version"),
        ({"instance_class": "db.huge"}, InstanceClassError, "instance class 'db.huge'"),
        ({"log_retention_days": 2}, LogRetentionError, "no retention of 2 days"),
    ],
)
def test_what_rds_would_refuse_is_refused_at_once(change: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        replace(ARGS, **change)


def test_storage_may_grow_by_just_a_tenth() -> None:
    assert replace(ARGS, max_allocated_storage_gib=110).max_allocated_storage_gib == 110
