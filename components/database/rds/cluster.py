"""A Multi-AZ DB cluster: a writer and two standbys that can be read from, in three zones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.database.rds.arguments import RdsPostgresArgs
from components.database.rds.parameters import parameters
from components.database.rds.server import Server
from facts.postgres import ADMINISTRATOR

# RDS user guide, "General Purpose SSD storage": below 400 GiB a gp3 volume of PostgreSQL has 3,000
# IOPS and RDS refuses to be told a number; from there on, striped, it has 12,000 at least.
_STRIPED_GIB: Final = 400
_STRIPED_IOPS: Final = 12_000


def create_cluster(component: Component, args: RdsPostgresArgs, inputs: Mapping[str, Any], options: pulumi.ResourceOptions) -> Server:
    """The cluster; ``inputs`` are those that an instance has under the same names."""
    settings = args.settings
    striped = settings.storage_gib >= _STRIPED_GIB
    # What RDS chose by itself the provider would take for drift, and ask for 0.
    kept = pulumi.ResourceOptions(ignore_changes=None if striped else ["iops"])
    cluster = aws.rds.Cluster(
        component.child_name("cluster"),
        aws.rds.ClusterArgs(
            **inputs,
            cluster_identifier=args.identifier,
            db_cluster_instance_class=settings.instance_class,
            iops=_STRIPED_IOPS if striped else None,
            database_name=settings.name,
            master_username=ADMINISTRATOR,
            db_cluster_parameter_group_name=_create_parameter_groups(component, args)[settings.major].name,
            ca_certificate_identifier="rds-ca-rsa2048-g1",
            preferred_backup_window=settings.backup_window,
            preferred_maintenance_window=settings.maintenance_window,
        ),
        pulumi.ResourceOptions.merge(options, kept),
    )
    return Server(
        resource=cluster,
        identifier=cluster.cluster_identifier,
        arn=cluster.arn,
        address=cluster.endpoint,
        reader_address=cluster.reader_endpoint,
        resource_id=cluster.cluster_resource_id,
        secret_arn=cluster.master_user_secrets.apply(lambda secrets: secrets[0].secret_arn),
    )


def _create_parameter_groups(component: Component, args: RdsPostgresArgs) -> Mapping[int, aws.rds.ClusterParameterGroup]:
    return {
        major: aws.rds.ClusterParameterGroup(
            component.child_name(f"parameters-postgres{major}"),
            aws.rds.ClusterParameterGroupArgs(
                family=f"postgres{major}",
                description=f"Parameters of {args.identifier}",
                parameters=[
                    aws.rds.ClusterParameterGroupParameterArgs(name=each.name, value=each.value, apply_method=each.apply_method)
                    for each in parameters(max_connections=args.limits.max_connections, readable_standbys=True)
                ],
            ),
            component.child_options(),
        )
        for major in args.settings.majors
    }
