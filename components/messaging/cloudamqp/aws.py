"""The way from a VPC to an instance of CloudAMQP: an endpoint of its private link, under the instance's own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.messaging.aws_access import admit_clients


@dataclass(frozen=True, kw_only=True)
class AwsCloudAmqpEndpointArgs:
    """The endpoint in one VPC.

    Attributes:
        name: of the platform.
        host: of the instance.
        service_name: of its private link.
        vpc_id: of the network.
        subnet_ids: where the endpoint has addresses, each in a zone of its own.
        client_security_groups: who may call it, by a short name.
    """

    name: str
    host: pulumi.Input[str]
    service_name: pulumi.Input[str]
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    client_security_groups: Mapping[str, pulumi.Input[str]]


class AwsCloudAmqpEndpoint(Component):
    """The endpoint, and a private zone that resolves the instance's name to it: its certificate stays right.

    ``opts`` bring the provider of AWS.

    Attributes:
        ready: clients go behind this.
    """

    ready: aws.route53.Record

    def __init__(self, name: str, args: AwsCloudAmqpEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        group = admit_clients(self, f"{args.name}-cloudamqp", vpc_id=args.vpc_id, clients=args.client_security_groups)
        endpoint = aws.ec2.VpcEndpoint(
            self.child_name("endpoint"),
            aws.ec2.VpcEndpointArgs(
                vpc_id=args.vpc_id,
                service_name=args.service_name,
                vpc_endpoint_type="Interface",
                subnet_ids=list(args.subnet_ids),
                security_group_ids=[group.id],
                tags={"Name": f"{args.name}-cloudamqp"},
            ),
            self.child_options(),
        )
        zone = aws.route53.Zone(
            self.child_name("zone"),
            aws.route53.ZoneArgs(
                name=args.host, comment=f"CloudAMQP of {args.name}, privately", vpcs=[aws.route53.ZoneVpcArgs(vpc_id=args.vpc_id)]
            ),
            self.child_options(),
        )
        entry = endpoint.dns_entries[0]
        alias = aws.route53.RecordAliasArgs(
            name=entry.dns_name.apply(_known), zone_id=entry.hosted_zone_id.apply(_known), evaluate_target_health=False
        )
        self.ready = aws.route53.Record(
            self.child_name("record"),
            aws.route53.RecordArgs(zone_id=zone.zone_id, name=args.host, type="A", aliases=[alias]),
            self.child_options(),
        )
        self.register_outputs({})


def _known(value: str | None) -> str:
    return value or ""
