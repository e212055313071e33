"""Rules about managed databases on AWS and Azure."""

from __future__ import annotations

from policies.rules.database import backup_retention, deletion, exposure, high_availability, replicas, security_groups, transport

MODULES = (high_availability, backup_retention, deletion, exposure, security_groups, transport, replicas)
