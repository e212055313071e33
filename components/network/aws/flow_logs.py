"""The record of every connection that the network let through or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pulumi
import pulumi_aws as aws

from components.aws import AwsLocation, LogGroupSpec, encrypted_log_group, policy_document, service_trust
from components.base import Component

# The finest interval that AWS offers (the other is 600): an incident is looked at as it happens.
AGGREGATION_SECONDS: Final = 60


def create_flow_log(
    network: Component,
    spec: LogGroupSpec,
    *,
    location: AwsLocation,
    vpc_id: pulumi.Input[str],
    retain: bool,
    after: Sequence[pulumi.Resource],
) -> aws.ec2.FlowLog:
    """Log all traffic of a VPC to CloudWatch Logs, behind ``after``.

    There it can be queried during an incident without a table being set up first.
    """
    group = encrypted_log_group(network, "flow-logs", spec, location=location, retain=retain)
    role = aws.iam.Role(
        network.child_name("flow-logs-role"),
        aws.iam.RoleArgs(
            description="Writes the VPC flow logs to CloudWatch Logs",
            assume_role_policy=service_trust(
                "vpc-flow-logs.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": location.account_id},
                    "ArnLike": {"aws:SourceArn": location.arn("ec2", "vpc-flow-log/*")},
                },
            ),
        ),
        network.child_options(),
    )
    policy = aws.iam.RolePolicy(
        network.child_name("flow-logs-write"),
        aws.iam.RolePolicyArgs(
            role=role.id,
            policy=policy_document(
                {
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
                    "Resource": location.arn("logs", f"log-group:{spec.name}:*"),
                }
            ),
        ),
        network.child_options(),
    )
    return aws.ec2.FlowLog(
        network.child_name("flow-log"),
        aws.ec2.FlowLogArgs(
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            tags={"Name": network.child_name("flow-log")},
        ),
        network.child_options(depends_on=[policy, *after]),
    )
