from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_azure_native import resources

from components.azure import AzureLocation
from components.messaging.cloudamqp.azure import AzureCloudAmqpEndpoint, AzureCloudAmqpEndpointArgs
from tests.components.recorded import behind, of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

LOCATION = AzureLocation(
    subscription_id="77778888-0000-4000-8000-999900000000",
    tenant_id="11112222-0000-4000-8000-333344445555",
    location="westeurope",
    resource_group="plinth-production",
    tags={"project": "plinth"},
)
ALIAS = "pls.0000.westeurope.azure.privatelinkservice"
GROUP = "azure-native:resources:ResourceGroup"


def link(preview: Preview) -> Run:
    def program() -> None:
        network = resources.ResourceGroup("network", resource_group_name="network")
        args = AzureCloudAmqpEndpointArgs(
            location=LOCATION,
            host="hare.rmq.cloudamqp.com",
            service_name=ALIAS,
            virtual_network_id="/network",
            subnet_id="/network/endpoints",
            after=network,
        )
        AzureCloudAmqpEndpoint("link", args)

    return preview(program)


def test_the_endpoint_asks_for_the_private_link_by_its_alias_once_the_network_is_done(preview: Preview) -> None:
    run = link(preview)
    endpoint = the(run, "azure-native:network:PrivateEndpoint", "link-endpoint")
    (connection,) = endpoint.inputs["manualPrivateLinkServiceConnections"]
    assert connection["privateLinkServiceId"] == ALIAS
    assert endpoint.inputs["tags"] == {"project": "plinth"}
    assert the(run, GROUP, "network").urn in behind(run, endpoint)


def test_the_instance_has_its_own_name_in_the_network_alone(preview: Preview) -> None:
    run = link(preview)
    zone = the(run, "azure-native:privatedns:PrivateZone", "link-zone")
    assert zone.inputs["privateZoneName"] == "hare.rmq.cloudamqp.com"
    (joined,) = of_type(run, "azure-native:privatedns:VirtualNetworkLink")
    assert (joined.inputs["virtualNetwork"], joined.inputs["registrationEnabled"]) == ({"id": "/network"}, False)
    (record,) = of_type(run, "azure-native:privatedns:PrivateRecordSet")
    assert (record.inputs["relativeRecordSetName"], record.inputs["recordType"]) == ("@", "A")
    assert the(run, "azure-native:network:PrivateEndpoint", "link-endpoint").urn in behind(run, record)
