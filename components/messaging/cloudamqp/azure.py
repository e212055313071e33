"""The way from a virtual network to an instance of CloudAMQP: an endpoint of its private link, under the instance's own name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pulumi
from pulumi_azure_native import network, privatedns

from components.azure import AzureLocation
from components.base import Component

_EVERYWHERE: Final = "global"
_TTL_SECONDS: Final = 60


@dataclass(frozen=True, kw_only=True)
class AzureCloudAmqpEndpointArgs:
    """The endpoint in one virtual network.

    Attributes:
        location: of the network.
        host: of the instance.
        service_name: the alias of its private link service.
        virtual_network_id: of the network.
        subnet_id: where the endpoint has its address.
        after: what changes the network before, which Azure does one thing at a time.
    """

    location: AzureLocation
    host: pulumi.Input[str]
    service_name: pulumi.Input[str]
    virtual_network_id: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    after: pulumi.Resource


class AzureCloudAmqpEndpoint(Component):
    """The endpoint, and a private zone that resolves the instance's name to it: its certificate stays right.

    ``opts`` bring the provider of Azure.

    Attributes:
        ready: clients go behind this.
    """

    ready: privatedns.PrivateRecordSet

    def __init__(self, name: str, args: AzureCloudAmqpEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        location = args.location
        called = f"{location.resource_group}-{self.child_name('endpoint')}"
        endpoint = network.PrivateEndpoint(
            self.child_name("endpoint"),
            network.PrivateEndpointArgs(
                private_endpoint_name=called,
                custom_network_interface_name=f"{called}-nic",
                resource_group_name=location.resource_group,
                location=location.location,
                subnet=network.SubnetArgs(id=args.subnet_id),
                # By its alias, which Azure takes in a manual connection alone; CloudAMQP has approved the subscription.
                manual_private_link_service_connections=[
                    network.PrivateLinkServiceConnectionArgs(
                        name="cloudamqp", private_link_service_id=args.service_name, request_message=location.resource_group
                    )
                ],
                tags=location.tags,
            ),
            # A successor would have the name of the one that it replaces.
            self.child_options(depends_on=[args.after], delete_before_replace=True),
        )
        zone = privatedns.PrivateZone(
            self.child_name("zone"),
            privatedns.PrivateZoneArgs(
                private_zone_name=args.host, resource_group_name=location.resource_group, location=_EVERYWHERE, tags=location.tags
            ),
            self.child_options(),
        )
        link = privatedns.VirtualNetworkLink(
            self.child_name("zone-link"),
            privatedns.VirtualNetworkLinkArgs(
                virtual_network_link_name=location.resource_group,
                private_zone_name=zone.name,
                resource_group_name=location.resource_group,
                location=_EVERYWHERE,
                virtual_network=privatedns.SubResourceArgs(id=args.virtual_network_id),
                registration_enabled=False,
                tags=location.tags,
            ),
            self.child_options(depends_on=[endpoint]),
        )
        self.ready = privatedns.PrivateRecordSet(
            self.child_name("record"),
            privatedns.PrivateRecordSetArgs(
                relative_record_set_name="@",
                record_type="A",
                private_zone_name=zone.name,
                resource_group_name=location.resource_group,
                ttl=_TTL_SECONDS,
                a_records=[privatedns.ARecordArgs(ipv4_address=self._address(endpoint, called, location))],
            ),
            self.child_options(depends_on=[link]),
        )
        self.register_outputs({})

    def _address(self, endpoint: network.PrivateEndpoint, called: str, location: AzureLocation) -> pulumi.Output[str]:
        # Azure lists no addresses of an endpoint to an alias: they stand at its network interface, which has them with it.
        interface = network.get_network_interface_output(
            network_interface_name=endpoint.id.apply(lambda _: f"{called}-nic"),
            resource_group_name=location.resource_group,
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        return interface.apply(lambda known: (known.ip_configurations or [])[0].private_ip_address or "")
