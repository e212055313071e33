"""What the APIs of AWS accept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any, Final

from facts.addresses import PRIVATE_RANGES
from facts.aws import INSIGHTS_RETENTION_DAYS, LOG_RETENTION_DAYS, MAX_BACKUP_DAYS
from facts.limits.kinds import LABEL, LABEL_VALUE, SUBDOMAIN, TAG_KEY, TAG_VALUE, TAGS
from facts.limits.limit import Limit, PhysicalName
from facts.postgres import is_reserved

ADDED: Final = 8
"""A dash and seven hexadecimal digits, which the AWS provider adds to names that it makes."""
_RDS: Final = "RDS API, CreateDBInstance"
_RDS_NAME: Final = r"(?!.*--)[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?"
_GROUP: Final = "EC2 API, CreateSecurityGroup"


def _is_private(given: Any) -> bool:
    try:
        network = IPv4Network(given)
    except ValueError:
        return False
    return any(network.subnet_of(private) for private in PRIVATE_RANGES)


_DESCRIPTION: Final = Limit(
    allowed="up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
    source=_GROUP,
    most=255,
    form=re.compile(r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]*"),
)
_RULE_PORT: Final = Limit(
    allowed="a port of 0 to 65535, or -1 for all types of ICMP", source="EC2 API, AuthorizeSecurityGroupIngress", least=-1, most=65535
)
_RULE_PORTS: Final = {"fromPort": _RULE_PORT, "toPort": _RULE_PORT}
_IDENTIFIER: Final = Limit(
    allowed="up to 63 letters, digits and -, beginning with a letter, without -- and without - at the end",
    source=f"{_RDS}, DBInstanceIdentifier",
    least=1,
    most=63,
    form=re.compile(_RDS_NAME),
)
_SNAPSHOT: Final = Limit(
    allowed="up to 255 letters, digits and -, beginning with a letter, without -- and without - at the end",
    source=f"{_RDS} and DeleteDBInstance, FinalDBSnapshotIdentifier",
    least=1,
    most=255,
    form=re.compile(_RDS_NAME),
)
_PARAMETER_GROUP: Final = Limit(
    allowed="up to 255 letters, digits and -, beginning with a letter, without -- and without - at the end",
    source="RDS API, CreateDBParameterGroup, DBParameterGroupName",
    least=1,
    most=255,
    form=re.compile(_RDS_NAME),
)
# Aurora takes 63; a Multi-AZ DB cluster adds to it to name its instances.
_CLUSTER_IDENTIFIER: Final = Limit(
    allowed="up to 52 lower-case letters, digits and hyphens, beginning with a letter, without a double or closing hyphen",
    source="RDS API, CreateDBCluster, DBClusterIdentifier",
    least=1,
    most=52,
    form=re.compile(_RDS_NAME),
)
_DATABASE: Final = Limit(
    allowed="up to 63 letters, digits and _, beginning with a letter, and not a word that PostgreSQL or RDS keeps for itself",
    source=f"{_RDS}, DBName",
    least=1,
    most=63,
    form=re.compile(r"[A-Za-z][A-Za-z0-9_]*"),
    refuses=is_reserved,
)
_USER: Final = Limit(
    allowed="up to 63 letters, digits and _, beginning with a letter",
    source=f"{_RDS}, MasterUsername",
    least=1,
    most=63,
    form=re.compile(r"[A-Za-z][A-Za-z0-9_]*"),
    refuses=lambda given: given in {"admin", "rdsadmin"},
)
_BACKUPS: Final = Limit(allowed=f"0 to {MAX_BACKUP_DAYS} days", source=f"{_RDS}, BackupRetentionPeriod", least=0, most=MAX_BACKUP_DAYS)
_STORAGE: Final = Limit(allowed="20 to 65536 GiB", source=f"{_RDS}, AllocatedStorage", least=20, most=65536)
_DATABASE_PORT: Final = Limit(allowed="a port of 1150 to 65535", source=f"{_RDS}, Port", least=1150, most=65535)
_INSIGHTS: Final = Limit(
    allowed="7 days, 1 to 23 months of 31 days, or 731 days",
    source=f"{_RDS}, PerformanceInsightsRetentionPeriod",
    refuses=lambda given: given not in INSIGHTS_RETENTION_DAYS,
)
_PROXY: Final = Limit(
    allowed="up to 63 letters, digits and hyphens, beginning with a letter, without a double or closing hyphen",
    source="RDS API, CreateDBProxy, DBProxyName",
    least=1,
    most=63,
    form=re.compile(r"[A-Za-z](-?[A-Za-z0-9]+)*"),
)
_POOL: Final = "RDS API, ConnectionPoolConfiguration"
_IAM_FORM: Final = re.compile(r"[\w+=,.@-]+", re.ASCII)
_POLICY_NAME: Final = Limit(
    allowed="up to 128 letters, digits and _+=,.@-", source="IAM API, PutRolePolicy, PolicyName", least=1, most=128, form=_IAM_FORM
)
# With dots its name would not fit the certificate of S3.
_BUCKET: Final = Limit(
    allowed="3 to 63 of a-z, digits and -, beginning and ending with a letter or digit, and no prefix or suffix that S3 keeps for itself",
    source="Amazon S3 user guide, general purpose bucket naming rules",
    least=3,
    most=63,
    form=re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]*[a-z0-9](?<!-s3alias)(?<!--ol-s3)(?<!--x-s3)(?<!--table-s3)"),
)
_DAYS: Final = Limit(allowed="1 to 2147483647 days", source="Amazon S3 API, PutBucketLifecycleConfiguration", least=1, most=2**31 - 1)
_RULE: Final = Limit(
    allowed="up to 255 characters", source="Amazon S3 API, PutBucketLifecycleConfiguration and PutBucketReplication, ID", most=255
)
_EKS_NAMES: Final = r"[A-Za-z0-9][\w-]*"
_NODES: Final = Limit(allowed="0 to 450 nodes", source="EKS user guide, service quotas, nodes of a managed node group", least=0, most=450)

AWS_LIMITS: Final[Mapping[str, Mapping[str, Limit]]] = {
    "aws:cloudwatch/logGroup:LogGroup": {
        "name": Limit(
            allowed="up to 512 letters, digits and _-/.#",
            source="CloudWatch Logs API, CreateLogGroup",
            least=1,
            most=512,
            form=re.compile(r"[\w./#-]+", re.ASCII),
        ),
        "retentionInDays": Limit(
            allowed=f"one of {', '.join(map(str, LOG_RETENTION_DAYS))}, or 0 for ever",
            source="CloudWatch Logs API, PutRetentionPolicy",
            refuses=lambda given: given not in {0, *LOG_RETENTION_DAYS},
        ),
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "name": Limit(allowed="up to 255 characters", source="CloudWatch API, PutMetricAlarm, AlarmName", least=1, most=255),
        "alarmDescription": Limit(allowed="up to 1024 characters", source="CloudWatch API, PutMetricAlarm, AlarmDescription", most=1024),
        "alarmActions": Limit(allowed="up to 5 actions", source="CloudWatch API, PutMetricAlarm, AlarmActions", most=5),
        "dimensions": Limit(allowed="up to 30 dimensions", source="CloudWatch API, PutMetricAlarm, Dimensions", most=30),
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        "name": Limit(
            allowed="3 to 128 letters, digits and ()./_-",
            source="EC2 API, CreateLaunchTemplate, LaunchTemplateName",
            least=3,
            most=128,
            form=re.compile(r"[\w()./-]+", re.ASCII),
        ),
        "description": Limit(allowed="up to 255 characters", source="EC2 API, CreateLaunchTemplate, VersionDescription", most=255),
        "tagSpecifications.*.tags": TAGS,
        "tagSpecifications.*.tags.<keys>": TAG_KEY,
        "tagSpecifications.*.tags.*": TAG_VALUE,
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        "name": Limit(
            allowed="up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-",
            source=f"{_GROUP}, GroupName",
            least=1,
            most=255,
            form=re.compile(r"(?!sg-)[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]+"),
        ),
        "description": _DESCRIPTION,
    },
    "aws:eks/cluster:Cluster": {
        "name": Limit(
            allowed="up to 100 letters, digits, - and _, beginning with a letter or digit",
            source="EKS API, CreateCluster, name",
            least=1,
            most=100,
            form=re.compile(_EKS_NAMES, re.ASCII),
        ),
        "vpcConfig.publicAccessCidrs": Limit(
            allowed="up to 40 ranges", source="EKS user guide, service quotas, public endpoint access CIDR ranges", most=40
        ),
        "vpcConfig.publicAccessCidrs.*": Limit(
            allowed="a public range", source="EKS user guide, cluster API server endpoint", refuses=_is_private
        ),
    },
    "aws:eks/nodeGroup:NodeGroup": {
        "nodeGroupName": Limit(
            allowed="up to 63 letters, digits, - and _, beginning with a letter or digit",
            source="EKS API, CreateNodegroup, nodegroupName",
            least=1,
            most=63,
            form=re.compile(_EKS_NAMES, re.ASCII),
        ),
        "labels.<keys>": Limit(
            allowed="up to 63 characters, not below kubernetes.io, k8s.io or eks.amazonaws.com",
            source="EKS API, CreateNodegroup, labels; Kubernetes, NodeRestriction",
            least=1,
            most=63,
            form=re.compile(r"(?!([^/]*\.)?(kubernetes\.io|k8s\.io|eks\.amazonaws\.com)/).*"),
        ),
        "labels.*": LABEL_VALUE,
        "taints": Limit(allowed="up to 50 taints", source="EKS user guide, managed node groups, taints", most=50),
        "taints.*.key": Limit(allowed="up to 63 characters", source="EKS API, Taint, key", least=1, most=63),
        "taints.*.value": Limit(allowed="up to 63 characters", source="EKS API, Taint, value", most=63),
        "scalingConfig.minSize": _NODES,
        "scalingConfig.desiredSize": _NODES,
        "scalingConfig.maxSize": _NODES,
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {"namespace": LABEL, "serviceAccount": SUBDOMAIN},
    "aws:iam/instanceProfile:InstanceProfile": {"name": _POLICY_NAME},
    "aws:iam/policy:Policy": {"name": _POLICY_NAME},
    "aws:iam/role:Role": {
        "name": Limit(
            allowed="up to 64 letters, digits and _+=,.@-", source="IAM API, CreateRole, RoleName", least=1, most=64, form=_IAM_FORM
        ),
        "description": Limit(allowed="up to 1000 characters", source="IAM API, CreateRole, Description", most=1000),
        "maxSessionDuration": Limit(
            allowed="3600 to 43200 seconds", source="IAM API, CreateRole, MaxSessionDuration", least=3600, most=43200
        ),
    },
    "aws:iam/rolePolicy:RolePolicy": {"name": _POLICY_NAME},
    "aws:kms/alias:Alias": {
        "name": Limit(
            allowed="alias/ and letters, digits and /_-, up to 256 characters, not below alias/aws/",
            source="KMS API, CreateAlias, AliasName",
            least=7,
            most=256,
            form=re.compile(r"alias/(?!aws/)[\w/-]+", re.ASCII),
        )
    },
    "aws:kms/key:Key": {
        "description": Limit(allowed="up to 8192 characters", source="KMS API, CreateKey, Description", most=8192),
        "deletionWindowInDays": Limit(allowed="7 to 30 days", source="KMS API, ScheduleKeyDeletion, PendingWindowInDays", least=7, most=30),
    },
    "aws:rds/cluster:Cluster": {
        "clusterIdentifier": _CLUSTER_IDENTIFIER,
        "databaseName": _DATABASE,
        "masterUsername": _USER,
        "backupRetentionPeriod": _BACKUPS,
        "allocatedStorage": _STORAGE,
        "port": _DATABASE_PORT,
        "finalSnapshotIdentifier": _SNAPSHOT,
        "performanceInsightsRetentionPeriod": _INSIGHTS,
    },
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": {"name": _PARAMETER_GROUP},
    "aws:rds/instance:Instance": {
        "identifier": _IDENTIFIER,
        "dbName": _DATABASE,
        "username": _USER,
        "backupRetentionPeriod": _BACKUPS,
        "allocatedStorage": _STORAGE,
        "maxAllocatedStorage": Limit(allowed="up to 65536 GiB", source=f"{_RDS}, MaxAllocatedStorage", most=65536),
        "port": _DATABASE_PORT,
        "finalSnapshotIdentifier": _SNAPSHOT,
        "performanceInsightsRetentionPeriod": _INSIGHTS,
    },
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
        "retentionPeriod": Limit(
            allowed=f"1 to {MAX_BACKUP_DAYS} days",
            source="RDS API, StartDBInstanceAutomatedBackupsReplication, BackupRetentionPeriod",
            least=1,
            most=MAX_BACKUP_DAYS,
        )
    },
    "aws:rds/parameterGroup:ParameterGroup": {"name": _PARAMETER_GROUP},
    "aws:rds/proxy:Proxy": {
        "name": _PROXY,
        "idleClientTimeout": Limit(
            allowed="1 to 28800 seconds", source="RDS user guide, IdleClientTimeout of RDS Proxy, 8 hours", least=1, most=28800
        ),
    },
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": {
        "connectionPoolConfig.connectionBorrowTimeout": Limit(
            allowed="0 to 300 seconds", source=f"{_POOL}, ConnectionBorrowTimeout", most=300
        ),
        "connectionPoolConfig.maxConnectionsPercent": Limit(
            allowed="1 to 100 %", source=f"{_POOL}, MaxConnectionsPercent", least=1, most=100
        ),
        "connectionPoolConfig.maxIdleConnectionsPercent": Limit(
            allowed="0 to 100 %", source=f"{_POOL}, MaxIdleConnectionsPercent", most=100
        ),
    },
    "aws:rds/proxyEndpoint:ProxyEndpoint": {"dbProxyEndpointName": _PROXY},
    "aws:rds/subnetGroup:SubnetGroup": {
        "name": Limit(
            allowed="up to 255 of a-z, digits, spaces and ._-, and not default",
            source="RDS API, CreateDBSubnetGroup, DBSubnetGroupName",
            least=1,
            most=255,
            form=re.compile(r"(?!default$)[a-z0-9 ._-]+"),
        )
    },
    "aws:s3/bucket:Bucket": {"bucket": _BUCKET},
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "rules.*.id": _RULE,
        "rules.*.noncurrentVersionExpiration.noncurrentDays": _DAYS,
        "rules.*.abortIncompleteMultipartUpload.daysAfterInitiation": _DAYS,
    },
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
        "rule.defaultRetention.days": Limit(
            allowed="1 to 36500 days", source="Amazon S3 API, PutObjectLockConfiguration", least=1, most=36_500
        )
    },
    "aws:s3/bucketPolicy:BucketPolicy": {
        "policy": Limit(allowed="up to 20480 bytes", source="Amazon S3 user guide, bucket policies", most=20_480)
    },
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {"rules.*.id": _RULE},
    "aws:sns/topic:Topic": {
        "name": Limit(
            allowed="up to 256 letters, digits, - and _",
            source="SNS API, CreateTopic, Name",
            least=1,
            most=256,
            form=re.compile(r"[\w-]+(\.fifo)?", re.ASCII),
        )
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {"description": _DESCRIPTION, **_RULE_PORTS},
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {"description": _DESCRIPTION, **_RULE_PORTS},
}
"""By type token and path; a ``*`` in a path stands for every element of a list or value of a mapping, ``<keys>`` for its keys."""

AWS_TAGS: Final[Mapping[str, Limit]] = {"tags": TAGS, "tags.<keys>": TAG_KEY, "tags.*": TAG_VALUE}
"""Of every type."""

AWS_NAMES: Final[Mapping[str, PhysicalName]] = {
    token: PhysicalName(path=path, added=ADDED)
    for token, path in {
        "aws:cloudwatch/logGroup:LogGroup": "name",
        "aws:cloudwatch/metricAlarm:MetricAlarm": "name",
        "aws:ec2/launchTemplate:LaunchTemplate": "name",
        "aws:ec2/securityGroup:SecurityGroup": "name",
        "aws:eks/cluster:Cluster": "name",
        "aws:eks/nodeGroup:NodeGroup": "nodeGroupName",
        "aws:iam/instanceProfile:InstanceProfile": "name",
        "aws:iam/policy:Policy": "name",
        "aws:iam/role:Role": "name",
        "aws:iam/rolePolicy:RolePolicy": "name",
        "aws:rds/clusterParameterGroup:ClusterParameterGroup": "name",
        "aws:rds/parameterGroup:ParameterGroup": "name",
        "aws:rds/subnetGroup:SubnetGroup": "name",
        "aws:s3/bucket:Bucket": "bucket",
        "aws:sns/topic:Topic": "name",
    }.items()
}
"""The types to which the provider gives a name where the program gives none."""
