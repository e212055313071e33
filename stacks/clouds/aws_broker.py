"""RabbitMQ of a platform on AWS where somebody else runs it: Amazon MQ, or CloudAMQP behind a private link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from components.aws import AwsLocation
from components.messaging.amazon_mq.model import AmazonMqSettings
from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.rabbitmq.managed import ManagedBroker
from components.network.aws.network import AwsNetwork
from components.ordering import behind
from stacks.clouds.aws_watching import Watched
from stacks.settings.aws import AwsStack


@dataclass(frozen=True, kw_only=True)
class BuiltBroker:
    """A broker for the rest of the stack: for its clients, its watchers, and the stack's outputs."""

    managed: ManagedBroker
    exports: Mapping[str, Any]
    watched: Watched = field(default_factory=Watched)


def build_broker(
    settings: AwsStack, name: str, network: AwsNetwork, clients: Mapping[str, pulumi.Input[str]], on_aws: pulumi.ResourceOptions
) -> BuiltBroker | None:
    """Build the broker that the settings name; None where there is none, or it is in the cluster.

    ``clients`` are the security groups that may call it, by a short name.
    """
    in_network = behind(on_aws, network.ready)
    if isinstance(settings.rabbitmq, AmazonMqSettings):
        return _build_amazon_mq(settings, settings.rabbitmq, name, network, clients, in_network)
    if isinstance(settings.rabbitmq, CloudAmqpSettings):
        return _build_cloudamqp(settings, settings.rabbitmq, name, network, clients, in_network)
    return None


def _build_amazon_mq(
    settings: AwsStack,
    rabbitmq: AmazonMqSettings,
    name: str,
    network: AwsNetwork,
    clients: Mapping[str, pulumi.Input[str]],
    options: pulumi.ResourceOptions,
) -> BuiltBroker:
    # With the SDK of random values, for stacks that have such a broker alone.
    from components.messaging.amazon_mq.alerts import alert_groups, cloudwatch_job  # noqa: PLC0415
    from components.messaging.amazon_mq.arguments import AmazonMqBrokerArgs  # noqa: PLC0415
    from components.messaging.amazon_mq.broker import AmazonMqBroker, random_provider  # noqa: PLC0415

    args = AmazonMqBrokerArgs(
        settings=rabbitmq,
        location=AwsLocation(region=settings.aws.region, account_id=settings.aws.account),
        name=name,
        vpc_id=network.vpc_id,
        subnet_ids=list(network.isolated_subnet_ids.values()),
        cidrs=list(map(str, settings.network.database_cidrs)),
        client_security_groups=clients,
        second_region=settings.disaster_recovery.region if settings.disaster_recovery else None,
        retain=settings.retain,
    )
    broker = AmazonMqBroker("broker", args, pulumi.ResourceOptions.merge(options, random_provider()))
    return BuiltBroker(
        managed=broker.broker,
        exports={"brokerSecretArn": broker.secret_arn},
        watched=Watched(jobs=[cloudwatch_job(name)], alerts=alert_groups(name)),
    )


def _build_cloudamqp(
    settings: AwsStack,
    rabbitmq: CloudAmqpSettings,
    name: str,
    network: AwsNetwork,
    clients: Mapping[str, pulumi.Input[str]],
    options: pulumi.ResourceOptions,
) -> BuiltBroker:
    # With the SDK of CloudAMQP, likewise.
    from components.messaging.cloudamqp.aws import AwsCloudAmqpEndpoint, AwsCloudAmqpEndpointArgs  # noqa: PLC0415
    from components.messaging.cloudamqp.instance import CloudAmqpInstance, CloudAmqpInstanceArgs, cloudamqp_provider  # noqa: PLC0415

    location = AwsLocation(region=settings.aws.region, account_id=settings.aws.account)
    instance = CloudAmqpInstance(
        "broker",
        CloudAmqpInstanceArgs(
            settings=rabbitmq,
            name=name,
            region=f"amazon-web-services::{location.region}",
            principals=[f"arn:{location.partition}:iam::{location.account_id}:root"],
            retain=settings.retain,
        ),
        cloudamqp_provider(),
    )
    endpoint = AwsCloudAmqpEndpoint(
        "broker-link",
        AwsCloudAmqpEndpointArgs(
            name=name,
            host=instance.host,
            service_name=instance.service_name,
            vpc_id=network.vpc_id,
            subnet_ids=list(network.isolated_subnet_ids.values()),
            client_security_groups=clients,
        ),
        behind(options, instance.ready),
    )
    managed = ManagedBroker(
        host=instance.host,
        username=instance.username,
        password=instance.password,
        cidrs=list(map(str, settings.network.database_cidrs)),
        ready=endpoint.ready,
    )
    return BuiltBroker(managed=managed, exports={"brokerHost": instance.host})
