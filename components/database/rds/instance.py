"""A DB instance, with or without a standby that nobody reads from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.database.rds.arguments import RdsPostgresArgs
from components.database.rds.parameters import parameters
from components.database.rds.server import Server
from facts.postgres import ADMINISTRATOR


def create_instance(component: Component, args: RdsPostgresArgs, inputs: Mapping[str, Any], options: pulumi.ResourceOptions) -> Server:
    """The instance; ``inputs`` are those that a cluster has under the same names."""
    settings = args.settings
    instance = aws.rds.Instance(
        component.child_name("instance"),
        aws.rds.InstanceArgs(
            **inputs,
            identifier=args.identifier,
            instance_class=settings.instance_class,
            max_allocated_storage=settings.max_storage_gib,
            multi_az=settings.multi_az,
            db_name=settings.name,
            username=ADMINISTRATOR,
            parameter_group_name=_create_parameter_groups(component, args)[settings.major].name,
            ca_cert_identifier="rds-ca-rsa2048-g1",
            backup_window=settings.backup_window,
            maintenance_window=settings.maintenance_window,
        ),
        options,
    )
    return Server(
        resource=instance,
        identifier=instance.identifier,
        arn=instance.arn,
        address=instance.address,
        reader_address=None,
        resource_id=instance.resource_id,
        secret_arn=instance.master_user_secrets.apply(lambda secrets: secrets[0].secret_arn),
    )


def _create_parameter_groups(component: Component, args: RdsPostgresArgs) -> Mapping[int, aws.rds.ParameterGroup]:
    return {
        major: aws.rds.ParameterGroup(
            component.child_name(f"parameters-postgres{major}"),
            aws.rds.ParameterGroupArgs(
                family=f"postgres{major}",
                description=f"Parameters of {args.identifier}",
                parameters=[
                    aws.rds.ParameterGroupParameterArgs(name=each.name, value=each.value, apply_method=each.apply_method)
                    for each in parameters(max_connections=args.limits.max_connections)
                ],
            ),
            component.child_options(),
        )
        for major in args.settings.majors
    }
