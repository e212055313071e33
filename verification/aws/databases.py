"""Databases of RDS and their parameter groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from verification.aws.scope import NOT_TAGGED, Scope, given, tags_of
from verification.live import LiveResource

INSTANCE: Final = "aws:rds/instance:Instance"
CLUSTER: Final = "aws:rds/cluster:Cluster"
CLUSTER_INSTANCE: Final = "aws:rds/clusterInstance:ClusterInstance"
PARAMETERS: Final = "aws:rds/parameterGroup:ParameterGroup"
CLUSTER_PARAMETERS: Final = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
COPIES: Final = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
TYPES: Final = (INSTANCE, CLUSTER, CLUSTER_INSTANCE, PARAMETERS, CLUSTER_PARAMETERS, COPIES)

_PULUMIS_OWN: Final = ("skipFinalSnapshot", "finalSnapshotIdentifier", "applyImmediately", "deleteAutomatedBackups")
"""What Pulumi's provider does when it changes or deletes a database, which RDS is told only then."""
_DEFAULT_GROUP: Final = "default."
_SET_BY_SOMEBODY: Final = "user"


def read_databases(scope: Scope) -> Iterator[LiveResource]:
    """Instances and clusters with the stack's tags, its names or in its network, and the parameter groups that they use."""
    client = scope.client("rds")
    groups: dict[tuple[str, str], None] = {}
    for found in scope.pages(client, "describe_db_clusters", "DBClusters"):
        if _is_own(scope, found, CLUSTER, "DBClusterIdentifier"):
            yield _cluster(scope, found)
            groups[CLUSTER_PARAMETERS, found.get("DBClusterParameterGroup", "")] = None
    for found in scope.pages(client, "describe_db_instances", "DBInstances"):
        if _is_own(scope, found, INSTANCE, "DBInstanceIdentifier"):
            yield _instance(scope, found)
            yield from _copies(found)
            groups.update({(PARAMETERS, each["DBParameterGroupName"]): None for each in found.get("DBParameterGroups", ())})
    for kind, name in groups:
        if name and not name.startswith(_DEFAULT_GROUP):
            yield _parameters(scope, client, kind, name)


def _is_own(scope: Scope, found: Mapping[str, Any], kind: str, key: str) -> bool:
    network = found.get("DBSubnetGroup")
    return (
        scope.owns(tags_of(found.get("TagList")))
        or found[key] in scope.names.get(kind, ())
        or (isinstance(network, Mapping) and network.get("VpcId") in scope.vpcs)
    )


def _instance(scope: Scope, found: Mapping[str, Any]) -> LiveResource:
    groups = _groups(found)
    common = given(
        identifier=found["DBInstanceIdentifier"],
        engine=found["Engine"],
        engineVersion=found.get("EngineVersion"),
        instanceClass=found.get("DBInstanceClass"),
        publiclyAccessible=found.get("PubliclyAccessible"),
        autoMinorVersionUpgrade=found.get("AutoMinorVersionUpgrade"),
        monitoringInterval=found.get("MonitoringInterval"),
        performanceInsightsEnabled=found.get("PerformanceInsightsEnabled"),
        caCertIdentifier=found.get("CACertificateIdentifier"),
    )
    if found.get("DBClusterIdentifier"):
        return LiveResource(
            type=CLUSTER_INSTANCE,
            key=found["DBInstanceIdentifier"],
            arn=found["DBInstanceArn"],
            inputs={**common, "clusterIdentifier": found["DBClusterIdentifier"]},
        )
    named = [each["DBParameterGroupName"] for each in found.get("DBParameterGroups", ())]
    own = {
        **common,
        **_shared(found),
        # None where somebody took it off: then the group of RDS itself is in its place.
        "parameterGroupName": next((name for name in named if not name.startswith(_DEFAULT_GROUP)), None),
        **given(
            multiAz=found.get("MultiAZ"),
            # RDS does not list it once somebody has turned the growth off.
            maxAllocatedStorage=found.get("MaxAllocatedStorage", found.get("AllocatedStorage")),
            replicateSourceDb=found.get("ReadReplicaSourceDBInstanceIdentifier") or found.get("ReadReplicaSourceDBClusterIdentifier"),
            port=found.get("Endpoint", {}).get("Port") or found.get("DbInstancePort") or None,
            dbName=found.get("DBName"),
            databaseInsightsMode=found.get("DatabaseInsightsMode"),
            username=found.get("MasterUsername"),
            backupWindow=found.get("PreferredBackupWindow"),
            maintenanceWindow=found.get("PreferredMaintenanceWindow"),
            performanceInsightsRetentionPeriod=found.get("PerformanceInsightsRetentionPeriod"),
            iamDatabaseAuthenticationEnabled=found.get("IAMDatabaseAuthenticationEnabled"),
        ),
    }
    return LiveResource(
        type=INSTANCE,
        key=found["DBInstanceIdentifier"],
        arn=found["DBInstanceArn"],
        inputs=own,
        unknown=[*_PULUMIS_OWN, *_hidden(found, "password")],
        follows=[_group_arn(scope, each) for each in groups],
        by_hand=_by_hand(scope, found),
    )


def _copies(found: Mapping[str, Any]) -> Iterator[LiveResource]:
    """Where its backups are copied to, which RDS says in the instance's own region."""
    for each in found.get("DBInstanceAutomatedBackupsReplications", ()):
        yield LiveResource(
            type=COPIES,
            key=each["DBInstanceAutomatedBackupsArn"],
            arn=each["DBInstanceAutomatedBackupsArn"],
            inputs={"sourceDbInstanceArn": found["DBInstanceArn"]},
            follows=[found["DBInstanceArn"]],
        )


def _cluster(scope: Scope, found: Mapping[str, Any]) -> LiveResource:
    inputs = {
        **_shared(found),
        **given(
            clusterIdentifier=found["DBClusterIdentifier"],
            engine=found["Engine"],
            engineVersion=found.get("EngineVersion"),
            port=found.get("Port"),
            dbClusterInstanceClass=found.get("DBClusterInstanceClass"),
            replicationSourceIdentifier=found.get("ReplicationSourceIdentifier"),
            dbClusterParameterGroupName=found.get("DBClusterParameterGroup"),
            databaseName=found.get("DatabaseName"),
            masterUsername=found.get("MasterUsername"),
            preferredBackupWindow=found.get("PreferredBackupWindow"),
            preferredMaintenanceWindow=found.get("PreferredMaintenanceWindow"),
            iamDatabaseAuthenticationEnabled=found.get("IAMDatabaseAuthenticationEnabled"),
        ),
    }
    return LiveResource(
        type=CLUSTER,
        key=found["DBClusterIdentifier"],
        arn=found["DBClusterArn"],
        inputs=inputs,
        unknown=[*_PULUMIS_OWN, *_hidden(found, "masterPassword")],
        follows=[_group_arn(scope, each) for each in _groups(found)],
        by_hand=_by_hand(scope, found),
    )


def _hidden(found: Mapping[str, Any], password: str) -> Sequence[str]:
    """A password that RDS does not keep itself it shows to nobody: who made it, the account cannot tell."""
    return [] if found.get("MasterUserSecret") else [password]


def _by_hand(scope: Scope, found: Mapping[str, Any]) -> str:
    return "" if scope.owns(tags_of(found.get("TagList"))) else NOT_TAGGED


def _shared(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """What instances and clusters have alike."""
    # Of its tags those that the program gives to databases alone: the others are everything's.
    marked = {key: value for key, value in tags_of(found.get("TagList")).items() if key.startswith("platform:") or key == "tier"}
    return given(
        allocatedStorage=found.get("AllocatedStorage"),
        backupRetentionPeriod=found.get("BackupRetentionPeriod"),
        deletionProtection=found.get("DeletionProtection"),
        storageEncrypted=found.get("StorageEncrypted"),
        storageType=found.get("StorageType"),
        copyTagsToSnapshot=found.get("CopyTagsToSnapshot"),
        manageMasterUserPassword=bool(found.get("MasterUserSecret")),
        vpcSecurityGroupIds=_groups(found),
        enabledCloudwatchLogsExports=found.get("EnabledCloudwatchLogsExports") or [],
        tags=marked,
    )


def _groups(found: Mapping[str, Any]) -> Sequence[str]:
    return [each["VpcSecurityGroupId"] for each in found.get("VpcSecurityGroups", ())]


def _group_arn(scope: Scope, group_id: str) -> str:
    return scope.arn("ec2", f"security-group/{group_id}")


def _parameters(scope: Scope, client: Any, kind: str, name: str) -> LiveResource:
    """What somebody set, and what the program names: a value that is RDS's own default is listed as RDS's, whoever set it."""
    if kind == PARAMETERS:
        [group] = client.describe_db_parameter_groups(DBParameterGroupName=name)["DBParameterGroups"]
        found = scope.pages(client, "describe_db_parameters", "Parameters", DBParameterGroupName=name)
        arn = group.get("DBParameterGroupArn") or scope.arn("rds", f"pg:{name}")
    else:
        [group] = client.describe_db_cluster_parameter_groups(DBClusterParameterGroupName=name)["DBClusterParameterGroups"]
        found = scope.pages(client, "describe_db_cluster_parameters", "Parameters", DBClusterParameterGroupName=name)
        arn = group.get("DBClusterParameterGroupArn") or scope.arn("rds", f"cluster-pg:{name}")
    parameters = [
        {"name": each["ParameterName"], "value": each["ParameterValue"]}
        for each in found
        if each.get("ParameterValue") is not None
        and (each.get("Source", _SET_BY_SOMEBODY) == _SET_BY_SOMEBODY or each["ParameterName"] in scope.parameters)
    ]
    inputs = {"name": name, "family": group["DBParameterGroupFamily"], "description": group.get("Description"), "parameters": parameters}
    return LiveResource(type=kind, key=str(group.get("Description") or name), arn=arn, inputs=given(**inputs))
