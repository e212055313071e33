"""RabbitMQ of a platform on Azure where somebody else runs it: CloudAMQP behind a private link."""

from __future__ import annotations

import pulumi

from components.azure import AzureLocation
from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.rabbitmq.managed import ManagedBroker
from components.network.azure.network import AzureNetwork
from components.ordering import behind
from stacks.settings.azure import AzureStack


def build_broker(
    settings: AzureStack, location: AzureLocation, network: AzureNetwork, on_azure: pulumi.ResourceOptions
) -> ManagedBroker | None:
    """Build the broker that the settings name; None where there is none, or it is in the cluster."""
    rabbitmq = settings.rabbitmq
    if not isinstance(rabbitmq, CloudAmqpSettings):
        return None
    # With the SDK of CloudAMQP, for stacks that have such a broker alone.
    from components.messaging.cloudamqp.azure import AzureCloudAmqpEndpoint, AzureCloudAmqpEndpointArgs  # noqa: PLC0415
    from components.messaging.cloudamqp.instance import CloudAmqpInstance, CloudAmqpInstanceArgs, cloudamqp_provider  # noqa: PLC0415

    instance = CloudAmqpInstance(
        "broker",
        CloudAmqpInstanceArgs(
            settings=rabbitmq,
            name=location.resource_group,
            region=f"azure-arm::{location.location}",
            subscriptions=[location.subscription_id],
            retain=settings.retain,
        ),
        cloudamqp_provider(),
    )
    endpoint = AzureCloudAmqpEndpoint(
        "broker-link",
        AzureCloudAmqpEndpointArgs(
            location=location,
            host=instance.host,
            service_name=instance.service_name,
            virtual_network_id=network.virtual_network_id,
            subnet_id=network.private_endpoint_subnet_id,
            after=network.ready,
        ),
        behind(on_azure, instance.ready),
    )
    return ManagedBroker(
        host=instance.host,
        username=instance.username,
        password=instance.password,
        cidrs=[str(settings.network.private_endpoint_cidr)],
        ready=endpoint.ready,
    )
