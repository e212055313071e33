from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.aws import AwsLocation
from components.database.rds.pool import Pool
from components.database.rds.proxy import RdsProxy, RdsProxyArgs
from tests.components.recorded import document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

PROXY = "aws:rds/proxy:Proxy"
TARGET = "aws:rds/proxyTarget:ProxyTarget"
GROUP = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup"
ENDPOINT = "aws:rds/proxyEndpoint:ProxyEndpoint"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
POOL = Pool(name="plinth-production", max_connections=901, readable_standbys=False)
READABLE = replace(POOL, readable_standbys=True)
ARGS = RdsProxyArgs(
    pool=POOL,
    location=AwsLocation(region="eu-west-1", account_id="111122223333"),
    vpc_id="vpc-1",
    subnet_ids=["subnet-1", "subnet-2", "subnet-3"],
    client_security_groups={"cluster": "sg-cluster"},
    database_group_id="sg-database",
    database_identifier="plinth-production",
    resource_id="db-ABC",
    users=["orders", "billing"],
    log_retention_days=90,
    alarm_receivers=["arn:aws:sns:eu-west-1:111122223333:alarms"],
    retain=True,
)


def proxied(preview: Preview, args: RdsProxyArgs = ARGS) -> Run:
    return preview(lambda: RdsProxy("pool", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return proxied(preview)


@pytest.fixture
def proxy(run: Run) -> RecordedResource:
    return the(run, PROXY, "pool-proxy")


def test_nobody_needs_a_password_on_either_side_of_the_proxy(run: Run, proxy: RecordedResource) -> None:
    assert proxy.inputs["defaultAuthScheme"] == "IAM_AUTH"
    assert "auths" not in proxy.inputs
    assert proxy.inputs["requireTls"] is True
    assert not of_type(run, "aws:secretsmanager/secret:Secret")


def test_the_proxy_signs_in_as_the_clients_users_and_as_nobody_else(run: Run, proxy: RecordedResource) -> None:
    policy = the(run, "aws:iam/rolePolicy:RolePolicy", "pool-role-policy")
    assert document(policy, "policy")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "rds-db:connect",
            "Resource": [f"arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABC/{user}" for user in ("orders", "billing")],
        }
    ]
    (trust,) = document(the(run, "aws:iam/role:Role", "pool-role"), "assumeRolePolicy")["Statement"]
    assert trust["Principal"] == {"Service": "rds.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
    assert policy.urn in proxy.dependencies


def test_a_proxy_without_clients_has_no_right_at_all(preview: Preview) -> None:
    assert not of_type(proxied(preview, replace(ARGS, users=[])), "aws:iam/rolePolicy:RolePolicy")


def test_only_clients_reach_the_proxy_and_it_reaches_the_database_alone(run: Run) -> None:
    rules = {rule.name: rule.inputs for rule in of_type(run, INGRESS)}
    assert set(rules) == {"pool-from-cluster", "pool-to-database"}
    assert rules["pool-from-cluster"]["referencedSecurityGroupId"] == "sg-cluster"
    assert rules["pool-to-database"]["securityGroupId"] == "sg-database"
    (egress,) = of_type(run, EGRESS)
    assert egress.inputs["referencedSecurityGroupId"] == "sg-database"
    for rule in (*rules.values(), egress.inputs):
        assert (rule["ipProtocol"], rule["fromPort"], rule["toPort"]) == ("tcp", 5432, 5432)


def test_the_pool_leaves_a_fifth_of_the_connections_and_lets_nobody_wait_for_long(run: Run) -> None:
    pool = the(run, GROUP, "pool-targets").inputs["connectionPoolConfig"]
    assert pool == {"maxConnectionsPercent": 80, "maxIdleConnectionsPercent": 40, "connectionBorrowTimeout": 30}
    # Below 90 % of max_connections, of which the alarm about connections tells (PG-009).
    assert POOL.roles == {"READ_WRITE": 720}


def test_the_proxy_leads_to_the_instance_and_to_one_at_a_time(run: Run) -> None:
    (target,) = of_type(run, TARGET)
    assert target.inputs["dbInstanceIdentifier"] == "plinth-production"
    assert "dbClusterIdentifier" not in target.inputs
    assert option(target, "delete_before_replace") is True
    assert not of_type(run, ENDPOINT)


def test_readable_standbys_have_a_pool_of_their_own(preview: Preview) -> None:
    run = proxied(preview, replace(ARGS, pool=READABLE))
    (target,), (endpoint,) = of_type(run, TARGET), of_type(run, ENDPOINT)
    assert target.inputs["dbClusterIdentifier"] == "plinth-production"
    assert endpoint.inputs["targetRole"] == "READ_ONLY"
    assert endpoint.inputs["dbProxyEndpointName"] == "plinth-production-reader"
    # RDS refuses it where there is no reader yet.
    assert target.urn in endpoint.dependencies
    # Each of the two standbys has its own 80 %.
    assert READABLE.roles == {"READ_WRITE": 720, "READ_ONLY": 1440}


def test_the_log_is_encrypted_and_ends_before_the_proxy_could_make_its_own(run: Run, proxy: RecordedResource) -> None:
    (group,) = of_type(run, "aws:cloudwatch/logGroup:LogGroup")
    assert group.inputs["name"] == "/aws/rds/proxy/plinth-production"
    assert group.inputs["retentionInDays"] == 90
    assert group.urn in proxy.dependencies
    assert proxy.inputs["debugLogging"] is False


def test_a_pool_that_is_used_up_and_a_database_out_of_reach_ring(preview: Preview) -> None:
    alarms = {each.name: each.inputs for each in of_type(proxied(preview, replace(ARGS, pool=READABLE)), ALARM)}
    assert set(alarms) == {f"pool-alarm-{role}-{what}" for role in ("read-write", "read-only") for what in ("pool", "availability")}
    used = alarms["pool-alarm-read-only-pool"]
    assert (used["metricName"], used["statistic"], used["threshold"]) == ("DatabaseConnectionsCurrentlyBorrowed", "Sum", 1440)
    assert used["dimensions"] == {"ProxyName": "plinth-production", "TargetGroup": "default", "TargetRole": "READ_ONLY"}
    reached = alarms["pool-alarm-read-write-availability"]
    assert (reached["metricName"], reached["comparisonOperator"], reached["threshold"]) == (
        "AvailabilityPercentage",
        "LessThanThreshold",
        50,
    )
    # Before the first client there are no figures, which is nothing to wake anybody for.
    assert all(alarm["treatMissingData"] == "notBreaching" and alarm["alarmActions"] == ARGS.alarm_receivers for alarm in alarms.values())
