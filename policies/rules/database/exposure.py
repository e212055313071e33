"""PG-015: a database has no public endpoint and is encrypted at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, is_replica

FIREWALL_TYPE: Final = "azure-native:dbforpostgresql:FirewallRule"
_ANYWHERE: Final = "0.0.0.0"  # noqa: S104 # an address to look for, none to listen on


def _check_aws(database: Resource, _: Facts) -> Iterator[Finding]:
    public = database["publiclyAccessible"]
    if public.is_true():
        yield violation(public, "the database has a public endpoint", "Set publiclyAccessible to false")
    # Only a Multi-AZ DB cluster has an endpoint of its own to publish, and publishes it unless it is given a subnet group.
    elif database.inputs.has("dbClusterInstanceClass") and public.is_absent and not database.inputs.has("dbSubnetGroupName"):
        problem = "a Multi-AZ DB cluster without a subnet group of its own has a public endpoint"
        yield violation(public, problem, "Set publiclyAccessible to false and dbSubnetGroupName to private subnets")


def _check_azure(server: Resource, _: Facts) -> Iterator[Finding]:
    access = server["network"]["publicNetworkAccess"]
    if not server["network"].has("delegatedSubnetResourceId") and access.is_not("Disabled"):
        problem = "the database has a public endpoint (Azure's default)"
        yield violation(access, problem, 'Set network.delegatedSubnetResourceId, or network.publicNetworkAccess to "Disabled"')


def _check_firewall(rule: Resource, _: Facts) -> Iterator[Finding]:
    start = rule["startIpAddress"]
    if not start.is_unknown and not start.is_not(_ANYWHERE):
        problem = "the firewall of the database lets in the whole internet, or every tenant of Azure"
        yield violation(start, problem, "Remove the rule, and reach the database through a private endpoint or a delegated subnet")


def _check_encryption(database: Resource, _: Facts) -> Iterator[Finding]:
    encrypted = database["storageEncrypted"]
    # A replica in the same region is encrypted as its source is; Aurora Serverless v1 always is.
    inherits = is_replica(database) or not database["engineMode"].is_not("serverless")
    if encrypted.fails(lambda content: content is True or (content is None and inherits)):
        yield violation(encrypted, "the database is not encrypted at rest", "Set storageEncrypted to true")


AWS_ENDPOINT: Final = ResourceRule(
    name="database-has-no-public-endpoint",
    requirements=("PG-015",),
    types=(RDS_INSTANCE, RDS_CLUSTER, RDS_CLUSTER_INSTANCE),
    check=_check_aws,
)
AZURE_ENDPOINT: Final = ResourceRule(
    name="azure-database-has-no-public-endpoint", requirements=("PG-015",), types=(AZURE_SERVER,), check=_check_azure
)
AZURE_FIREWALL: Final = ResourceRule(
    name="azure-database-firewall-is-closed", requirements=("PG-015",), types=(FIREWALL_TYPE,), check=_check_firewall
)
ENCRYPTION: Final = ResourceRule(
    name="database-is-encrypted-at-rest", requirements=("PG-015",), types=(RDS_INSTANCE, RDS_CLUSTER), check=_check_encryption
)
