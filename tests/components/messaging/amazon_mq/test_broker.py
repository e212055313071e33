from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from components.aws import AwsLocation
from components.messaging.amazon_mq.arguments import AmazonMqBrokerArgs
from components.messaging.amazon_mq.broker import AmazonMqBroker
from components.messaging.amazon_mq.model import AmazonMqSettings
from components.messaging.amazon_mq.recovery import recovery
from components.recovery import Loss
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

BROKER = "aws:mq/broker:Broker"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 # a type token


def settings(**changes: Any) -> AmazonMqSettings:
    written = {"kind": "amazon-mq", "instanceType": "mq.m7g.large", "recovery": {"rpo": "0s", "rto": "5m"}, **changes}
    return AmazonMqSettings.model_validate(written)


ARGS = AmazonMqBrokerArgs(
    settings=settings(),
    location=AwsLocation(region="eu-west-1", account_id="111122223333"),
    name="plinth-production",
    vpc_id="vpc-1",
    subnet_ids=["subnet-1", "subnet-2", "subnet-3"],
    cidrs=["10.20.192.0/22"],
    client_security_groups={"cluster": "sg-cluster"},
    second_region="eu-central-1",
    retain=True,
)


def broker(preview: Preview, args: AmazonMqBrokerArgs = ARGS) -> Run:
    return preview(lambda: AmazonMqBroker("rabbitmq", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return broker(preview)


@pytest.fixture
def it(run: Run) -> RecordedResource:
    return the(run, BROKER, "rabbitmq-broker")


def test_three_nodes_stand_in_three_zones_behind_private_addresses(it: RecordedResource) -> None:
    assert (it.inputs["engineType"], it.inputs["engineVersion"]) == ("RabbitMQ", "4.2")
    assert it.inputs["deploymentMode"] == "CLUSTER_MULTI_AZ"
    assert it.inputs["subnetIds"] == ["subnet-1", "subnet-2", "subnet-3"]
    assert it.inputs["publiclyAccessible"] is False


def test_a_single_node_stands_in_one_zone(preview: Preview) -> None:
    single = the(broker(preview, replace(ARGS, settings=settings(nodes=1))), BROKER, "rabbitmq-broker")
    assert (single.inputs["deploymentMode"], single.inputs["subnetIds"]) == ("SINGLE_INSTANCE", ["subnet-1"])


def test_messages_are_encrypted_with_a_key_of_the_platform_and_logs_are_kept(run: Run, it: RecordedResource) -> None:
    assert the(run, "aws:kms/key:Key", "rabbitmq-key").urn in it.dependencies
    assert it.inputs["encryptionOptions"]["useAwsOwnedKey"] is False
    assert it.inputs["logs"] == {"general": True}


def test_patches_come_in_the_window(preview: Preview) -> None:
    at_night = the(broker(preview, replace(ARGS, settings=settings(maintenanceWindow="tue:03:30"))), BROKER, "rabbitmq-broker")
    assert at_night.inputs["autoMinorVersionUpgrade"] is True
    assert at_night.inputs["maintenanceWindowStartTime"] == {"dayOfWeek": "TUESDAY", "timeOfDay": "03:30", "timeZone": "UTC"}
    assert at_night.inputs["applyImmediately"] is False


def test_declared_targets_are_tags(it: RecordedResource) -> None:
    assert it.inputs["tags"] == {"platform:rpo": "0s", "platform:rto": "5m"}


def test_clients_reach_amqp_and_the_management_api_and_nothing_else(run: Run) -> None:
    rules = {
        rule.name: (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["referencedSecurityGroupId"])
        for rule in of_type(run, INGRESS)
    }
    assert rules == {
        "rabbitmq-amqp-from-cluster": (5671, 5671, "sg-cluster"),
        "rabbitmq-management-from-cluster": (443, 443, "sg-cluster"),
    }


def test_the_password_is_generated_and_nowhere_in_plain(run: Run, it: RecordedResource) -> None:
    (password,) = of_type(run, "random:index/randomPassword:RandomPassword")
    assert password.inputs["length"] == 32
    assert password.urn in it.dependencies
    assert the(run, SECRET, "rabbitmq-administrator").inputs["replicas"] == [{"region": "eu-central-1"}]


def test_a_new_password_of_the_state_reaches_secrets_manager_but_makes_no_other_broker(run: Run, it: RecordedResource) -> None:
    """As it does the Secret of the topology operator; the broker is told by hand."""
    assert not option(the(run, "aws:secretsmanager/secretVersion:SecretVersion", "rabbitmq-administrator-credentials"), "ignore_changes")
    assert option(it, "ignore_changes") == ["users"]


def test_what_is_retained_is_protected(run: Run, it: RecordedResource, preview: Preview) -> None:
    assert option(it, "protect") is True
    assert option(the(run, SECRET, "rabbitmq-administrator"), "protect") is True
    fleeting = the(broker(preview, replace(ARGS, retain=False)), BROKER, "rabbitmq-broker")
    assert not option(fleeting, "protect")


def test_without_a_second_region_credentials_stay_in_one(preview: Preview) -> None:
    alone = broker(preview, replace(ARGS, second_region=None))
    assert "replicas" not in the(alone, SECRET, "rabbitmq-administrator").inputs


@pytest.mark.parametrize(("nodes", "rpo"), [(3, timedelta(0)), (1, None)])
def test_a_cluster_survives_its_zone_and_a_single_node_does_not(nodes: int, rpo: timedelta | None) -> None:
    (zone,) = (row for row in recovery(settings(nodes=nodes)) if row.loss is Loss.ZONE)
    assert zone.rpo == rpo
    assert zone.achieves is (nodes == 3)


def test_messages_do_not_survive_the_region() -> None:
    (region,) = (row for row in recovery(settings()) if row.loss is Loss.REGION)
    assert region.rpo is None
