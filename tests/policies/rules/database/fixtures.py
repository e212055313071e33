"""One good fixture for each type: every rule about databases is content with it."""

from __future__ import annotations

from typing import Any

from policies.rules.database.backup_retention import BACKUP_RETENTION
from policies.rules.database.deletion import AZURE_LOCK, DELETION_PROTECTION, FINAL_SNAPSHOT
from policies.rules.database.exposure import AWS_ENDPOINT, AZURE_ENDPOINT, AZURE_FIREWALL, ENCRYPTION
from policies.rules.database.high_availability import CLUSTER_STANDBY, INSTANCE_STANDBY
from policies.rules.database.security_groups import SECURITY_GROUPS
from policies.rules.database.transport import AZURE_PARAMETERS, DEFAULT_PARAMETERS, PARAMETERS
from policies.values import UNKNOWN

RULES = (
    INSTANCE_STANDBY,
    CLUSTER_STANDBY,
    BACKUP_RETENTION,
    DELETION_PROTECTION,
    FINAL_SNAPSHOT,
    AZURE_LOCK,
    AWS_ENDPOINT,
    AZURE_ENDPOINT,
    AZURE_FIREWALL,
    ENCRYPTION,
    SECURITY_GROUPS,
    PARAMETERS,
    DEFAULT_PARAMETERS,
    AZURE_PARAMETERS,
)

INSTANCE: dict[str, Any] = {
    "identifier": "plinth-production",
    "engine": "postgres",
    "engineVersion": "16.9",
    "instanceClass": "db.m7g.large",
    "multiAz": True,
    "backupRetentionPeriod": 30.0,
    "skipFinalSnapshot": False,
    "finalSnapshotIdentifier": "plinth-production-final",
    "deletionProtection": True,
    "publiclyAccessible": False,
    "storageEncrypted": True,
    "vpcSecurityGroupIds": [UNKNOWN],
}
REPLICA: dict[str, Any] = {
    "replicateSourceDb": UNKNOWN,
    "instanceClass": "db.m7g.large",
    "skipFinalSnapshot": True,
    "publiclyAccessible": False,
}
CLUSTER: dict[str, Any] = {
    "clusterIdentifier": "plinth",
    "engine": "aurora-postgresql",
    "backupRetentionPeriod": 35.0,
    "finalSnapshotIdentifier": "plinth-final",
    "deletionProtection": True,
    "storageEncrypted": True,
}
SERVER: dict[str, Any] = {
    "serverName": "plinth",
    "resourceGroupName": "data",
    "highAvailability": {"mode": "ZoneRedundant"},
    "backup": {"backupRetentionDays": 30.0},
    "network": {"delegatedSubnetResourceId": UNKNOWN, "privateDnsZoneArmResourceId": UNKNOWN},
}
