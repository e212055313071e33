from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from components.messaging.cloudamqp.instance import CloudAmqpInstance, CloudAmqpInstanceArgs
from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.cloudamqp.recovery import recovery
from components.recovery import Loss
from tests.components.recorded import behind, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

INSTANCE = "cloudamqp:index/instance:Instance"
LINK = "cloudamqp:index/vpcConnect:VpcConnect"
FIREWALL = "cloudamqp:index/securityFirewall:SecurityFirewall"


def settings(**changes: Any) -> CloudAmqpSettings:
    written = {"kind": "cloudamqp", "plan": "rabbit-3", "version": "4.2.1", "recovery": {"rpo": "0s", "rto": "5m"}, **changes}
    return CloudAmqpSettings.model_validate(written)


ARGS = CloudAmqpInstanceArgs(
    settings=settings(),
    name="plinth-production",
    region="amazon-web-services::eu-west-1",
    principals=["arn:aws:iam::111122223333:root"],
    retain=True,
)


def instance_of(preview: Preview, args: CloudAmqpInstanceArgs = ARGS) -> Run:
    return preview(lambda: CloudAmqpInstance("rabbitmq", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return instance_of(preview)


@pytest.fixture
def it(run: Run) -> RecordedResource:
    return the(run, INSTANCE, "rabbitmq-instance")


def test_the_plan_says_how_many_nodes_there_are(it: RecordedResource) -> None:
    assert (it.inputs["plan"], it.inputs["rmqVersion"], it.inputs["region"]) == ("rabbit-3", "4.2.1", "amazon-web-services::eu-west-1")
    assert [settings(plan=plan).nodes for plan in ("bunny-1", "rabbit-3", "panda-5")] == [1, 3, 5]


def test_an_upgrade_at_cloudamqp_makes_no_other_instance(it: RecordedResource) -> None:
    assert option(it, "ignore_changes") == ["rmqVersion"]


def test_it_stands_in_a_network_of_its_own_that_stays_a_resource_of_its_own(run: Run, it: RecordedResource) -> None:
    (network,) = of_type(run, "cloudamqp:index/vpc:Vpc")
    assert network.urn in it.dependencies
    assert it.inputs["keepAssociatedVpc"] is True


def test_only_the_private_link_lets_anybody_in_and_only_by_tls(run: Run) -> None:
    (firewall,) = of_type(run, FIREWALL)
    (network,) = of_type(run, "cloudamqp:index/vpc:Vpc")
    (rule,) = firewall.inputs["rules"]
    assert (rule["ip"], rule["services"]) == (network.inputs["subnet"], ["AMQPS", "HTTPS"])
    assert the(run, LINK, "rabbitmq-link").urn in behind(run, firewall)


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({}, {"allowedPrincipals": ["arn:aws:iam::111122223333:root"]}),
        ({"principals": (), "subscriptions": ["7777-8888"]}, {"approvedSubscriptions": ["7777-8888"]}),
    ],
)
def test_the_link_is_for_the_account_of_the_stack_alone(preview: Preview, changes: Any, allowed: dict[str, Any]) -> None:
    link = the(instance_of(preview, replace(ARGS, **changes)), LINK, "rabbitmq-link")
    assert {key: value for key, value in link.inputs.items() if key in {"allowedPrincipals", "approvedSubscriptions"}} == allowed


def test_the_smaller_side_of_a_split_stops(run: Run) -> None:
    (configuration,) = of_type(run, "cloudamqp:index/rabbitConfiguration:RabbitConfiguration")
    assert configuration.inputs["clusterPartitionHandling"] == "pause_minority"


def test_maintenance_begins_when_the_settings_say(preview: Preview) -> None:
    (window,) = of_type(
        instance_of(preview, replace(ARGS, settings=settings(maintenanceWindow="wed:23:15"))),
        "cloudamqp:index/maintenanceWindow:MaintenanceWindow",
    )
    assert (window.inputs["preferredDay"], window.inputs["preferredTime"]) == ("Wednesday", "23:15")


def test_nothing_changes_an_instance_twice_at_a_time(run: Run) -> None:
    steps = [
        the(run, LINK, "rabbitmq-link"),
        *of_type(run, "cloudamqp:index/rabbitConfiguration:RabbitConfiguration"),
        *of_type(run, "cloudamqp:index/maintenanceWindow:MaintenanceWindow"),
        *of_type(run, FIREWALL),
    ]
    for before, after in pairwise(steps):
        assert before.urn in after.dependencies


def test_addresses_with_passwords_are_secrets(it: RecordedResource) -> None:
    assert {"url", "apikey"} <= set(option(it, "additional_secret_outputs"))


@pytest.mark.parametrize("retain", [True, False])
def test_what_is_retained_is_protected(preview: Preview, *, retain: bool) -> None:
    run = instance_of(preview, replace(ARGS, retain=retain))
    assert bool(option(the(run, INSTANCE, "rabbitmq-instance"), "protect")) is retain


@pytest.mark.parametrize(("plan", "survives"), [("rabbit-3", True), ("bunny-1", False)])
def test_several_nodes_survive_a_zone_and_one_does_not(plan: str, *, survives: bool) -> None:
    (zone,) = (row for row in recovery(settings(plan=plan)) if row.loss is Loss.ZONE)
    assert zone.achieves is survives
