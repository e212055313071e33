"""PG-015: a database has no public endpoint and is encrypted at rest."""

from __future__ import annotations

from ipaddress import IPv4Address, summarize_address_range
from typing import Final

from facts.addresses import is_worldwide
from policies import cloudnative_pg
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, is_replica

FIREWALL_TYPE: Final = "azure-native:dbforpostgresql:FirewallRule"
_ANYWHERE: Final = "0.0.0.0"  # noqa: S104 # an address to look for, not one to listen on


@rule("PG-015", on=(RDS_INSTANCE, RDS_CLUSTER, RDS_CLUSTER_INSTANCE))
def database_has_no_public_endpoint(database: Resource, _: Stack) -> Findings:
    """Of clusters, only a Multi-AZ DB cluster has an endpoint of its own, public unless it is given a subnet group."""
    public = database["publiclyAccessible"]
    yield from public.must_be_false("the database has a public endpoint")
    if database["dbClusterInstanceClass"].is_present and public.is_absent and not database["dbSubnetGroupName"].is_present:
        yield from public.refuse(
            "a Multi-AZ DB cluster without a subnet group of its own has a public endpoint",
            "Set publiclyAccessible to false and dbSubnetGroupName to private subnets",
        )


@rule("PG-015", on=AZURE_SERVER)
def azure_database_has_no_public_endpoint(server: Resource, _: Stack) -> Findings:
    """A server in a delegated subnet has none."""
    if server.at("network.delegatedSubnetResourceId").is_present:
        return ()
    return server.at("network.publicNetworkAccess").must_equal(
        "Disabled",
        "the database has a public endpoint",
        default="Enabled",
        cure='Set network.delegatedSubnetResourceId, or network.publicNetworkAccess to "Disabled"',
    )


@rule("PG-015", on=FIREWALL_TYPE)
def azure_database_firewall_is_closed(firewall: Resource, _: Stack) -> Findings:
    """A range that starts with 0.0.0.0 is the internet, or, where it also ends there, every tenant of Azure."""
    start, end = firewall["startIpAddress"], firewall["endIpAddress"]
    return start.must_satisfy(
        lambda first: (
            first != _ANYWHERE
            and not end.satisfies(lambda last: is_worldwide(summarize_address_range(IPv4Address(str(first)), IPv4Address(str(last)))))
        ),
        "the firewall of the database lets in the whole internet, or every tenant of Azure",
        "Remove the rule, and reach the database through a private endpoint or a delegated subnet",
    )


@rule("PG-015", on=(cloudnative_pg.CLUSTER, cloudnative_pg.POOLER))
def cloudnative_pg_has_no_public_endpoint(database: Resource, _: Stack) -> Findings:
    """Services are of the type ClusterIP unless a template of theirs says otherwise."""
    additional = [each["serviceTemplate"] for each in database.at("spec.managed.services.additional").each()]
    for template in (*additional, database.at("spec.serviceTemplate")):
        yield from template.at("spec.type").must_equal(
            "ClusterIP", "a Service of the database can be reached from outside of the cluster", default="ClusterIP"
        )


@rule("PG-015", on=(RDS_INSTANCE, RDS_CLUSTER))
def database_is_encrypted_at_rest(database: Resource, _: Stack) -> Findings:
    """A replica in the same region is encrypted as its source is; Aurora Serverless v1 always is."""
    inherits = is_replica(database) or database["engineMode"].may_equal("serverless")
    return database["storageEncrypted"].must_be_true("the database is not encrypted at rest", default=inherits)
