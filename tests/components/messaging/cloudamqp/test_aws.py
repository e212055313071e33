from __future__ import annotations

from typing import TYPE_CHECKING

from components.messaging.cloudamqp.aws import AwsCloudAmqpEndpoint, AwsCloudAmqpEndpointArgs
from tests.components.recorded import of_type

if TYPE_CHECKING:
    from tests.components.recorded import Preview

ARGS = AwsCloudAmqpEndpointArgs(
    name="plinth-production",
    host="hare.rmq.cloudamqp.com",
    service_name="com.amazonaws.vpce.eu-west-1.vpce-svc-1",
    vpc_id="vpc-1",
    subnet_ids=["subnet-1", "subnet-2", "subnet-3"],
    client_security_groups={"cluster": "sg-cluster"},
)


def test_the_instance_is_reached_by_its_own_name_through_the_private_link(preview: Preview) -> None:
    run = preview(lambda: AwsCloudAmqpEndpoint("link", ARGS))
    (endpoint,) = of_type(run, "aws:ec2/vpcEndpoint:VpcEndpoint")
    assert endpoint.inputs["serviceName"] == "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
    assert (endpoint.inputs["vpcEndpointType"], endpoint.inputs["subnetIds"]) == ("Interface", ["subnet-1", "subnet-2", "subnet-3"])
    (zone,) = of_type(run, "aws:route53/zone:Zone")
    assert (zone.inputs["name"], zone.inputs["vpcs"]) == ("hare.rmq.cloudamqp.com", [{"vpcId": "vpc-1"}])
    (record,) = of_type(run, "aws:route53/record:Record")
    assert (record.inputs["name"], record.inputs["type"]) == ("hare.rmq.cloudamqp.com", "A")
    assert {endpoint.urn, zone.urn} <= set(record.dependencies)


def test_only_clients_come_in(preview: Preview) -> None:
    rules = of_type(preview(lambda: AwsCloudAmqpEndpoint("link", ARGS)), "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert sorted((rule.inputs["fromPort"], rule.inputs["referencedSecurityGroupId"]) for rule in rules) == [
        (443, "sg-cluster"),
        (5671, "sg-cluster"),
    ]
