from __future__ import annotations

from typing import Any

from facts.tiers import Tier
from policies.rules.database.copies import postgres_has_a_copy_in_another_region
from policies.rules.database.exposure import (
    azure_database_firewall_is_closed,
    azure_database_has_no_public_endpoint,
    cloudnative_pg_has_no_public_endpoint,
    database_has_no_public_endpoint,
    database_is_encrypted_at_rest,
)
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import (
    BACKED_UP,
    CLUSTER,
    FIREWALL,
    IN_CLUSTER,
    INSTANCE,
    MEMBERS,
    MULTI_AZ_CLUSTER,
    MYSQL,
    POOL,
    PRIVATE_SERVER,
    REPLICA,
    SERVER,
)

ANY = "0.0.0.0"  # noqa: S104 # start of a firewall rule
SERVICES = "spec.managed.services.additional"


def service(kind: str) -> dict[str, Any]:
    return {"selectorType": "rw", "serviceTemplate": {"metadata": {"name": "database"}, "spec": {"type": kind}}}


CASES = (
    *cases(
        database_has_no_public_endpoint,
        accepts(INSTANCE),
        accepts(INSTANCE, {"publiclyAccessible": None}),
        accepts(MULTI_AZ_CLUSTER, others=[postgres_has_a_copy_in_another_region]),
        accepts(MYSQL),
        refuses(INSTANCE, {"publiclyAccessible": True}),
        refuses(INSTANCE, {"publiclyAccessible": True}, tier=Tier.STAGING),
        refuses(REPLICA, {"publiclyAccessible": True}),
        refuses(MULTI_AZ_CLUSTER, {"dbSubnetGroupName": None}, at="publiclyAccessible", others=[postgres_has_a_copy_in_another_region]),
        refuses(MULTI_AZ_CLUSTER, {"publiclyAccessible": True}, others=[postgres_has_a_copy_in_another_region]),
        refuses(MEMBERS[0], {"publiclyAccessible": True}, beside=[CLUSTER, MEMBERS[1]]),
        undecided(INSTANCE, "publiclyAccessible"),
    ),
    *cases(
        azure_database_has_no_public_endpoint,
        accepts(SERVER),
        accepts(PRIVATE_SERVER),
        refuses(SERVER, {"network": {"publicNetworkAccess": "Enabled"}}, at="network.publicNetworkAccess"),
        refuses(SERVER, {"network": None}, at="network.publicNetworkAccess"),
        undecided(PRIVATE_SERVER, "network.publicNetworkAccess"),
        undecided(SERVER, "network"),
    ),
    *cases(
        azure_database_firewall_is_closed,
        accepts(FIREWALL),
        refuses(FIREWALL, {"startIpAddress": ANY}),
        refuses(FIREWALL, {"endIpAddress": ANY, "startIpAddress": ANY}),
        refuses(FIREWALL, {"endIpAddress": "255.255.255.255", "startIpAddress": "1.0.0.0"}),
        accepts(FIREWALL, {"endIpAddress": "203.0.112.0"}),
        undecided(FIREWALL, "startIpAddress"),
        undecided(FIREWALL, "endIpAddress"),
    ),
    *cases(
        cloudnative_pg_has_no_public_endpoint,
        accepts(IN_CLUSTER, beside=BACKED_UP),
        accepts(IN_CLUSTER, {SERVICES: [service("ClusterIP")]}, beside=BACKED_UP),
        accepts(POOL),
        accepts(POOL, {"spec.serviceTemplate": {"metadata": {"labels": {"team": "data"}}}}),
        *(
            refuses(IN_CLUSTER, {SERVICES: [service(kind)]}, at=f"{SERVICES}[0].serviceTemplate.spec.type", beside=BACKED_UP)
            for kind in ("LoadBalancer", "NodePort")
        ),
        refuses(POOL, {"spec.serviceTemplate.spec.type": "LoadBalancer"}),
        undecided(POOL, "spec.serviceTemplate.spec.type"),
        undecided(IN_CLUSTER, SERVICES, beside=BACKED_UP),
    ),
    *cases(
        database_is_encrypted_at_rest,
        accepts(INSTANCE),
        accepts(CLUSTER, beside=MEMBERS),
        accepts(CLUSTER, {"engineMode": "serverless", "storageEncrypted": None}, beside=MEMBERS),
        accepts(REPLICA),
        refuses(INSTANCE, {"storageEncrypted": False}),
        refuses(INSTANCE, {"storageEncrypted": None}),
        refuses(REPLICA, {"storageEncrypted": False}),
        refuses(CLUSTER, {"storageEncrypted": None}, beside=MEMBERS),
        undecided(INSTANCE, "storageEncrypted"),
    ),
)
