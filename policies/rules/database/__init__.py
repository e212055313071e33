"""Rules about databases: managed on AWS and Azure, CloudNativePG in the cluster."""

from __future__ import annotations

from policies.rules.database import (
    archive,
    backup_retention,
    deletion,
    exposure,
    high_availability,
    network_security_groups,
    replicas,
    security_groups,
    transport,
)

MODULES = (high_availability, backup_retention, archive, deletion, exposure, security_groups, network_security_groups, transport, replicas)
