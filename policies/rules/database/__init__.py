"""Rules about databases: managed on AWS and Azure, CloudNativePG in the cluster, and what applications keep there."""

from __future__ import annotations

from policies.rules.database import (
    archive,
    backup_retention,
    clients,
    copies,
    deletion,
    exposure,
    high_availability,
    insights,
    network_security_groups,
    passwords,
    places,
    pooling,
    replicas,
    security_groups,
    sizes,
    storage_backends,
    transport,
    versions,
    windows,
)

MODULES = (
    places,
    clients,
    high_availability,
    backup_retention,
    archive,
    deletion,
    exposure,
    security_groups,
    network_security_groups,
    transport,
    passwords,
    replicas,
    versions,
    windows,
    sizes,
    insights,
    pooling,
    copies,
    storage_backends,
)
