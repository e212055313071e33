"""One good resource for each type: every rule about databases is content with it."""

from __future__ import annotations

from typing import Any

from policies.cloudnative_pg import CLUSTER as CLOUDNATIVE_PG
from policies.cloudnative_pg import OBJECT_STORE, POOLER, SCHEDULED_BACKUP
from policies.rules.database.configurations import AZURE_CONFIGURATION
from policies.rules.database.deletion import LOCK_BY_SCOPE, LOCK_OF_GROUP, LOCK_OF_RESOURCE, LOCK_OF_SUBSCRIPTION
from policies.rules.database.exposure import FIREWALL_TYPE
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE
from policies.rules.database.pooling import PROXY_TARGET
from policies.rules.database.security_groups import DEFAULT_GROUP, GROUP, INGRESS_RULE, RULE
from policies.rules.database.selections import PLAN, SELECTION
from policies.rules.database.transport import CLUSTER_PARAMETER_GROUP, PARAMETER_GROUP
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import changed, good

INSTANCE = good(
    RDS_INSTANCE,
    {
        "identifier": "plinth-production",
        "engine": "postgres",
        "engineVersion": "16.9",
        "passwordWo": Secret(UNKNOWN),
        "instanceClass": "db.m7g.large",
        "multiAz": True,
        "backupRetentionPeriod": 30.0,
        "backupWindow": "03:00-04:00",
        "maintenanceWindow": "sun:04:30-sun:05:30",
        "performanceInsightsEnabled": True,
        "skipFinalSnapshot": False,
        "finalSnapshotIdentifier": "plinth-production-final",
        "deletionProtection": True,
        "publiclyAccessible": False,
        "storageEncrypted": True,
        "vpcSecurityGroupIds": [UNKNOWN],
    },
)
REPLICA = good(
    RDS_INSTANCE,
    {
        "replicateSourceDb": UNKNOWN,
        "instanceClass": "db.m7g.large",
        "performanceInsightsEnabled": True,
        "skipFinalSnapshot": True,
        "publiclyAccessible": False,
    },
    "replica",
)
MYSQL = changed(INSTANCE, {"engine": "mysql", "engineVersion": "8.0", "multiAz": False, "backupRetentionPeriod": 1.0})
CLUSTER = good(
    RDS_CLUSTER,
    {
        "clusterIdentifier": "plinth",
        "engine": "aurora-postgresql",
        "engineVersion": "16.8",
        "manageMasterUserPassword": True,
        "backupRetentionPeriod": 35.0,
        "preferredBackupWindow": "03:00-04:00",
        "enabledCloudwatchLogsExports": ["postgresql"],
        "finalSnapshotIdentifier": "plinth-final",
        "deletionProtection": True,
        "storageEncrypted": True,
    },
)
MULTI_AZ_CLUSTER = changed(CLUSTER, {"engine": "postgres", "dbClusterInstanceClass": "db.m6gd.large", "dbSubnetGroupName": UNKNOWN})
MEMBERS = tuple(good(RDS_CLUSTER_INSTANCE, {"clusterIdentifier": "plinth"}, f"member-{index}") for index in range(2))

PARAMETERS = good(
    PARAMETER_GROUP,
    {
        "family": "postgres14",
        "parameters": [{"name": "log_min_duration_statement", "value": "500"}, {"name": "rds.force_ssl", "value": "1"}],
    },
)
SILENT_PARAMETERS = changed(PARAMETERS, {"family": "postgres16", "parameters": [{"name": "log_min_duration_statement", "value": "500"}]})
CLUSTER_PARAMETERS = good(CLUSTER_PARAMETER_GROUP, {**PARAMETERS.properties, "family": "aurora-postgresql16"})

SERVER = good(
    AZURE_SERVER,
    {
        "serverName": "plinth",
        "resourceGroupName": "data",
        "version": "17",
        "authConfig": {"activeDirectoryAuth": "Enabled", "passwordAuth": "Disabled"},
        "sku": {"name": "Standard_D2ds_v5", "tier": "GeneralPurpose"},
        "highAvailability": {"mode": "ZoneRedundant"},
        "backup": {"backupRetentionDays": 30.0, "geoRedundantBackup": "Enabled"},
        "network": {"delegatedSubnetResourceId": UNKNOWN, "privateDnsZoneArmResourceId": UNKNOWN},
    },
    protect=True,
)
AZURE_REPLICA = good(
    AZURE_SERVER, {"createMode": "Replica", "sourceServerResourceId": UNKNOWN, "network": SERVER.properties["network"]}, "replica"
)
PRIVATE_SERVER = changed(SERVER, {"network": {"publicNetworkAccess": "Disabled"}})
UNPROTECTED = good(AZURE_SERVER, SERVER.properties)
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
SERVER_ID = f"{SUBSCRIPTION}/resourceGroups/data/providers/Microsoft.DBforPostgreSQL/flexibleServers/plinth"
LOCK = good(LOCK_BY_SCOPE, {"scope": SERVER_ID, "level": "CanNotDelete"}, "lock")
RESOURCE_LOCK = good(LOCK_OF_RESOURCE, {"resourceName": "plinth", "resourceType": "flexibleServers", "level": "CanNotDelete"}, "lock")
GROUP_LOCK = good(LOCK_OF_GROUP, {"resourceGroupName": "Data", "level": "CanNotDelete"}, "lock")
SUBSCRIPTION_LOCK = good(LOCK_OF_SUBSCRIPTION, {"level": "CanNotDelete"}, "lock")
FIREWALL = good(FIREWALL_TYPE, {"serverName": "plinth", "startIpAddress": "203.0.113.0", "endIpAddress": "203.0.113.255"})
CONFIGURATION = good(AZURE_CONFIGURATION, {"configurationName": "require_secure_transport", "value": "on"})
QUERY_STORE = good(
    AZURE_CONFIGURATION, {"serverName": "plinth", "configurationName": "pg_qs.query_capture_mode", "value": "top"}, "query-store"
)

PLUGIN = "barman-cloud.cloudnative-pg.io"
IN_CLUSTER = good(
    CLOUDNATIVE_PG,
    {
        "metadata": {"name": "database", "namespace": "databases"},
        "spec": {
            "instances": 3.0,
            "imageName": f"ghcr.io/cloudnative-pg/postgresql:17.9@sha256:{'0123456789abcdef' * 4}",
            "postgresql": {
                "synchronous": {"method": "any", "number": 1.0},
                "pg_hba": ["hostnossl all all all reject"],
                "parameters": {"log_min_duration_statement": "500ms"},
            },
            "topologySpreadConstraints": [
                {
                    "maxSkew": 1.0,
                    "topologyKey": "topology.kubernetes.io/zone",
                    "whenUnsatisfiable": "DoNotSchedule",
                    "labelSelector": {"matchLabels": {"cnpg.io/cluster": "database"}},
                }
            ],
            "plugins": [{"name": PLUGIN, "isWALArchiver": True, "parameters": {"barmanObjectName": "backups"}}],
            "storage": {"size": "50Gi", "storageClass": "longhorn-retain"},
        },
    },
    "database",
    protect=True,
)
SCHEDULE = good(
    SCHEDULED_BACKUP,
    {
        "metadata": {"name": "daily", "namespace": "databases"},
        "spec": {"cluster": {"name": "database"}, "schedule": "0 0 3 * * *", "method": "plugin", "pluginConfiguration": {"name": PLUGIN}},
    },
    "daily",
)
STORE = good(
    OBJECT_STORE,
    {
        "metadata": {"name": "backups", "namespace": "databases"},
        "spec": {"configuration": {"destinationPath": "s3://backups/"}, "retentionPolicy": "30d"},
    },
    "backups",
)
BACKED_UP = (SCHEDULE, STORE)
POOL = good(
    POOLER,
    {
        "metadata": {"name": "pool", "namespace": "databases"},
        "spec": {
            "cluster": {"name": "database"},
            "instances": 2.0,
            "type": "rw",
            "pgbouncer": {"poolMode": "transaction", "parameters": {"client_tls_sslmode": "require"}},
        },
    },
    "pool",
)

INGRESS: dict[str, Any] = {"protocol": "tcp", "fromPort": 5432.0, "toPort": 5432.0, "cidrBlocks": ["10.0.0.0/16"]}
WEB: dict[str, Any] = {"protocol": "tcp", "fromPort": 443.0, "toPort": 443.0, "cidrBlocks": ["0.0.0.0/0"]}
SECURITY_GROUP = good(GROUP, {"vpcId": UNKNOWN, "ingress": [WEB, INGRESS]}, "database")
DEFAULT_SECURITY_GROUP = good(DEFAULT_GROUP, SECURITY_GROUP.properties, "database")
GUARDED = good(RDS_INSTANCE, INSTANCE.properties, "database", after=[SECURITY_GROUP.urn])
SEPARATE_RULE = good(
    INGRESS_RULE,
    {"ipProtocol": "tcp", "fromPort": 5432.0, "toPort": 5432.0, "cidrIpv4": "10.0.0.0/16", "securityGroupId": UNKNOWN},
    "rule",
    after=[SECURITY_GROUP.urn],
)
OLD_RULE = good(RULE, {**INGRESS, "type": "ingress", "securityGroupId": UNKNOWN}, "rule", after=[SECURITY_GROUP.urn])
BARE_GROUP = good(GROUP, {}, "database")


def members(count: int, identifier: Any = "plinth", *, after: tuple[str, ...] = ()) -> list[Any]:
    return [good(RDS_CLUSTER_INSTANCE, {"clusterIdentifier": identifier}, f"member-{index}", after=after) for index in range(count)]


TARGET = good(PROXY_TARGET, {"dbProxyName": "plinth", "targetGroupName": "default", "dbInstanceIdentifier": "plinth-production"}, "target")
CLUSTER_TARGET = good(
    PROXY_TARGET, {"dbProxyName": "plinth", "targetGroupName": "default", "dbClusterIdentifier": "plinth"}, "cluster-target"
)
ANY_TARGET = good(
    PROXY_TARGET,
    {"dbProxyName": "plinth", "targetGroupName": "default", "dbInstanceIdentifier": UNKNOWN, "dbClusterIdentifier": UNKNOWN},
    "any-target",
)
PGBOUNCER = good(AZURE_CONFIGURATION, {"serverName": "plinth", "configurationName": "pgbouncer.enabled", "value": "true"}, "pgbouncer")
COPIES = "arn:aws:backup:eu-central-1:123456789012:backup-vault:copies"
BACKUP_PLAN = good(
    PLAN,
    {
        "name": "databases",
        "rules": [{"ruleName": "daily", "targetVaultName": "databases", "copyActions": [{"destinationVaultArn": COPIES}]}],
    },
    "plan",
)
EVERYTHING = good(
    SELECTION, {"name": "everything", "iamRoleArn": UNKNOWN, "planId": UNKNOWN, "resources": ["*"]}, "selection", after=[BACKUP_PLAN.urn]
)

PARTNERS = (QUERY_STORE, ANY_TARGET, PGBOUNCER, POOL, BACKUP_PLAN, EVERYTHING)
"""What rules of the domain look for beside a good database."""
