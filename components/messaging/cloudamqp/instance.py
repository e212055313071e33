"""An instance of CloudAMQP in a network of its own, with a private link instead of public addresses.

Whoever deploys has the key of the CloudAMQP account in the environment variable ``CLOUDAMQP_APIKEY``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

import pulumi
import pulumi_cloudamqp as cloudamqp

from components.base import Component
from components.messaging.cloudamqp.model import CloudAmqpSettings
from facts.windows import start_of_window

_SUBNET: Final = "10.56.72.0/24"
"""The network of the instance: CloudAMQP's own default. A private link joins networks that overlap."""


@dataclass(frozen=True, kw_only=True)
class CloudAmqpInstanceArgs:
    """One instance of CloudAMQP.

    Attributes:
        settings: its size, and what is declared in it.
        name: of the instance, as people see it at CloudAMQP.
        region: in CloudAMQP's words, such as ``amazon-web-services::eu-west-1``.
        principals: ARNs of AWS that may make an endpoint of the private link.
        subscriptions: of Azure, likewise.
        retain: protect it.
    """

    settings: CloudAmqpSettings
    name: str
    region: str
    principals: Sequence[str] = ()
    subscriptions: Sequence[str] = ()
    retain: bool


def cloudamqp_provider() -> pulumi.ResourceOptions:
    """Options that bring CloudAMQP, with the key that whoever deploys has in the environment."""
    return pulumi.ResourceOptions(providers=[cloudamqp.Provider("cloudamqp")])


class CloudAmqpInstance(Component):
    """The instance, its network and firewall, and its private link. ``opts`` bring CloudAMQP's provider.

    Attributes:
        host: its name; what it is resolved to is public, and lets nobody in.
        username: of its administrator.
        password: likewise; a secret.
        service_name: of the private link.
        ready: what uses the private link goes behind this.
    """

    host: pulumi.Output[str]
    username: pulumi.Output[str]
    password: pulumi.Output[str]
    service_name: pulumi.Output[str]
    ready: pulumi.Resource

    def __init__(self, name: str, args: CloudAmqpInstanceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._args = args
        network = cloudamqp.Vpc(
            self.child_name("network"),
            cloudamqp.VpcArgs(name=args.name, region=args.region, subnet=_SUBNET),
            self.child_options(protect=args.retain),
        )
        instance = self._create_instance(network)
        identifier = instance.id.apply(int)
        link = cloudamqp.VpcConnect(
            self.child_name("link"),
            cloudamqp.VpcConnectArgs(
                instance_id=identifier,
                region=args.region,
                allowed_principals=list(args.principals) or None,
                approved_subscriptions=list(args.subscriptions) or None,
            ),
            self.child_options(),
        )
        self.ready = self._configure(identifier, link)
        self.host = instance.host
        # ``amqps://user:password@host/vhost``: the SDK makes it a secret, and so is what comes of it.
        self.username = instance.url.apply(lambda known: unquote(urlsplit(known).username or ""))
        self.password = instance.url.apply(lambda known: unquote(urlsplit(known).password or ""))
        self.service_name = link.service_name
        self.register_outputs({"host": self.host, "service_name": self.service_name})

    def _create_instance(self, network: cloudamqp.Vpc) -> cloudamqp.Instance:
        args = self._args
        return cloudamqp.Instance(
            self.child_name("instance"),
            cloudamqp.InstanceArgs(
                name=args.name,
                plan=args.settings.plan,
                region=args.region,
                rmq_version=args.settings.version,
                vpc_id=network.id.apply(int),
                # The network is a resource of its own.
                keep_associated_vpc=True,
                # The markers of its recovery, as everywhere.
                tags=[f"{key}={value}" for key, value in args.settings.recovery.tags.items()],
            ),
            self.child_options(
                protect=args.retain,
                # An upgrade is made at CloudAMQP; another version here would be another instance.
                ignore_changes=["rmqVersion"],
                custom_timeouts=pulumi.CustomTimeouts(create="60m", update="2h", delete="30m"),
            ),
        )

    def _configure(self, identifier: pulumi.Output[int], link: cloudamqp.VpcConnect) -> pulumi.Resource:
        """One after the other: CloudAMQP changes one thing of an instance at a time."""
        day, time = start_of_window(self._args.settings.maintenance_window)
        configuration = cloudamqp.RabbitConfiguration(
            self.child_name("configuration"),
            # The smaller side of a split stops, so that no message is in two versions.
            cloudamqp.RabbitConfigurationArgs(instance_id=identifier, cluster_partition_handling="pause_minority"),
            self.child_options(depends_on=[link]),
        )
        window = cloudamqp.MaintenanceWindow(
            self.child_name("maintenance"),
            cloudamqp.MaintenanceWindowArgs(instance_id=identifier, preferred_day=day, preferred_time=time),
            self.child_options(depends_on=[configuration]),
        )
        # All rules there are: without them whoever has a password may come from anywhere.
        inside = cloudamqp.SecurityFirewallRuleArgs(ip=_SUBNET, services=["AMQPS", "HTTPS"], description="Private link")
        return cloudamqp.SecurityFirewall(
            self.child_name("firewall"),
            cloudamqp.SecurityFirewallArgs(instance_id=identifier, rules=[inside]),
            self.child_options(depends_on=[window]),
        )
