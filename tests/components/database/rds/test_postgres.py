from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.database.rds.arguments import RdsPostgresArgs
from components.database.rds.postgres import RdsPostgres, final_snapshot_name
from tests.components.database.rds.settings import database_args, database_settings
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

ARGS = database_args(database_settings())
INSTANCE = "aws:rds/instance:Instance"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
KEY = "aws:kms/key:Key"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"


def database(preview: Preview, args: RdsPostgresArgs = ARGS) -> Run:
    return preview(lambda: RdsPostgres("db", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return database(preview)


@pytest.fixture
def instance(run: Run) -> RecordedResource:
    return the(run, INSTANCE, "db-instance")


def test_everything_belongs_to_the_component(run: Run) -> None:
    (component,) = of_type(run, "plinth:database:RdsPostgres")
    assert all(resource.parent == component.urn for resource in run.resources if resource.type.startswith("aws:"))


def test_the_database_is_private_encrypted_and_speaks_tls_only(run: Run, instance: RecordedResource) -> None:
    assert instance.inputs["publiclyAccessible"] is False
    assert instance.inputs["storageEncrypted"] is True
    assert instance.inputs["caCertIdentifier"] == "rds-ca-rsa2048-g1"
    assert the(run, KEY, "db-storage-key").urn in instance.dependencies
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


def test_nobody_knows_the_administrators_password(run: Run, instance: RecordedResource) -> None:
    assert instance.inputs["manageMasterUserPassword"] is True
    assert "password" not in instance.inputs
    assert the(run, KEY, "db-secret-key").urn in instance.dependencies
    assert instance.inputs["iamDatabaseAuthenticationEnabled"] is True


def test_the_database_is_backed_up_every_night_and_to_any_moment(instance: RecordedResource) -> None:
    assert instance.inputs["backupRetentionPeriod"] == 30
    assert instance.inputs["backupWindow"] == "03:00-04:00"
    assert instance.inputs["maintenanceWindow"] == "sun:04:30-sun:05:30"
    assert instance.inputs["multiAz"] is True
    assert instance.inputs["copyTagsToSnapshot"] is True


def test_a_retained_database_cannot_be_lost_by_mistake(run: Run, instance: RecordedResource) -> None:
    assert instance.inputs["deletionProtection"] is True
    assert instance.inputs["applyImmediately"] is False
    for token in (INSTANCE, KEY, LOG_GROUP):
        assert all(option(resource, "protect") for resource in of_type(run, token))


def test_a_database_marked_for_teardown_is_protected_by_nothing_and_loses_no_snapshot(preview: Preview) -> None:
    run = database(preview, replace(ARGS, retain=False))
    instance = the(run, INSTANCE, "db-instance")
    assert not any(option(resource, "protect") for resource in run.resources)
    assert instance.inputs["deletionProtection"] is False
    assert instance.inputs["skipFinalSnapshot"] is False
    assert "finalSnapshotIdentifier" in instance.inputs
    assert instance.inputs["deleteAutomatedBackups"] is False
    # Whatever else stayed would be in the way of the next creation; without its key the snapshot could not be read.
    assert [resource.name for resource in run.resources if option(resource, "retain_on_delete")] == ["db-storage-key"]


def test_the_final_snapshot_of_each_creation_has_a_name_of_its_own() -> None:
    first = final_snapshot_name("plinth-production", "1234abcd-12ab-34cd-56ef-1234567890ab")
    assert first == "plinth-production-final-1234abcd"
    assert final_snapshot_name("plinth-production", "fedc4321-12ab-34cd-56ef-1234567890ab") != first


def test_a_database_that_keeps_nothing_goes_without_a_trace(preview: Preview) -> None:
    run = database(preview, replace(ARGS, retain=False, keep_data=False))
    inputs = the(run, INSTANCE, "db-instance").inputs
    assert inputs["deletionProtection"] is False
    assert inputs["skipFinalSnapshot"] is True
    assert "finalSnapshotIdentifier" not in inputs
    assert inputs["deleteAutomatedBackups"] is True
    assert inputs["applyImmediately"] is True
    assert not any(option(resource, "protect") for resource in run.resources)


def test_a_major_upgrade_is_allowed_and_applied_at_once_and_keeps_the_old_parameters_until_it_is_through(preview: Preview) -> None:
    run = database(preview, replace(ARGS, settings=database_settings(upgradeFrom=16)))
    instance = the(run, INSTANCE, "db-instance")
    assert instance.inputs["allowMajorVersionUpgrade"] is True
    assert instance.inputs["applyImmediately"] is True
    families = {group.name: group.inputs["family"] for group in of_type(run, PARAMETERS)}
    assert families == {"db-parameters-postgres17": "postgres17", "db-parameters-postgres16": "postgres16"}
    assert the(run, PARAMETERS, "db-parameters-postgres17").urn in instance.dependencies


def test_no_major_upgrade_happens_by_mistake(run: Run, instance: RecordedResource) -> None:
    assert "allowMajorVersionUpgrade" not in instance.inputs
    assert [group.inputs["family"] for group in of_type(run, PARAMETERS)] == ["postgres17"]


def test_the_version_is_exact_and_does_not_change_by_itself(instance: RecordedResource) -> None:
    assert instance.inputs["engine"] == "postgres"
    assert instance.inputs["engineVersion"] == "17.9"
    assert instance.inputs["autoMinorVersionUpgrade"] is False


def test_a_minor_version_that_has_aged_is_advised_against(preview: Preview, run: Run) -> None:
    (entry,) = database(preview, replace(ARGS, settings=database_settings(engineVersion="17.6"))).log
    assert entry.severity == "warning"
    assert "Set engineVersion to 17.9" in entry.message
    assert not run.log


def test_storage_grows_by_itself_up_to_its_limit(instance: RecordedResource) -> None:
    assert instance.inputs["storageType"] == "gp3"
    assert instance.inputs["allocatedStorage"] == 100
    assert instance.inputs["maxAllocatedStorage"] == 1000


def test_a_slow_minute_can_be_explained_afterwards(run: Run, instance: RecordedResource) -> None:
    assert instance.inputs["performanceInsightsEnabled"] is True
    assert instance.inputs["performanceInsightsRetentionPeriod"] == 465
    assert instance.inputs["databaseInsightsMode"] == "advanced"
    assert instance.inputs["monitoringInterval"] == 60
    role = the(run, "aws:iam/role:Role", "db-monitoring")
    (statement,) = document(role, "assumeRolePolicy")["Statement"]
    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert the(run, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", "db-monitoring-policy").urn in instance.dependencies


def test_log_groups_are_there_encrypted_before_the_database_writes_to_them(run: Run, instance: RecordedResource) -> None:
    groups = {group.inputs["name"]: group for group in of_type(run, LOG_GROUP)}
    assert set(groups) == {"/aws/rds/instance/plinth-production/postgresql", "/aws/rds/instance/plinth-production/upgrade"}
    assert instance.inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    assert all(group.urn in instance.dependencies and group.inputs["retentionInDays"] == 365 for group in groups.values())


def test_alarms_ring_at_nine_tenths_of_connections_low_storage_and_a_busy_processor(run: Run) -> None:
    alarms = {alarm.name: alarm.inputs for alarm in of_type(run, ALARM)}
    assert set(alarms) == {"db-alarm-connections", "db-alarm-storage", "db-alarm-cpu"}
    assert alarms["db-alarm-connections"]["metricName"] == "DatabaseConnections"
    assert alarms["db-alarm-connections"]["threshold"] == 810
    assert alarms["db-alarm-storage"]["comparisonOperator"] == "LessThanThreshold"
    assert alarms["db-alarm-storage"]["threshold"] == 10 * 1024**3
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


def test_alarms_reach_people_and_the_topics_that_are_named(preview: Preview) -> None:
    oncall = "arn:aws:sns:eu-west-1:111122223333:oncall"
    settings = database_settings(alarms={"emails": ["oncall@example.com"], "topicArns": [oncall]})
    run = database(preview, replace(ARGS, settings=settings))
    (subscription,) = of_type(run, "aws:sns/topicSubscription:TopicSubscription")
    assert (subscription.inputs["protocol"], subscription.inputs["endpoint"]) == ("email", "oncall@example.com")
    assert all(oncall in alarm.inputs["alarmActions"] for alarm in of_type(run, ALARM))


def test_every_key_is_rotated(run: Run) -> None:
    assert of_type(run, KEY)
    assert all(key.inputs["enableKeyRotation"] is True for key in of_type(run, KEY))


def test_rds_has_nothing_to_refuse_about_the_password(run: Run) -> None:
    # RDS makes no read replica of an instance whose password it manages.
    assert [resource.name for resource in of_type(run, INSTANCE)] == ["db-instance"]
    assert not [resource for resource in of_type(run, INSTANCE) if "replicateSourceDb" in resource.inputs]


def test_the_database_says_what_a_loss_may_cost(instance: RecordedResource) -> None:
    assert instance.inputs["tags"] == {"platform:rpo": "5m", "platform:rto": "10m", "tier": "enterprise"}
