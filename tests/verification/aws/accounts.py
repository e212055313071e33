"""An account of AWS as a stack's first update leaves it: made in moto from what the program declares."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import boto3
import pytest
from botocore.client import BaseClient

from offline.engine import Run, run_program
from offline.recording import RecordedResource
from policies.values import UNKNOWN
from tests.runs import config_of
from tests.tools import ROOT

ACCOUNT: Final = "123456789012"
REGION: Final = "eu-west-1"
STACK: Final = "production"
COPIES: Final = f"arn:aws:rds:eu-central-1:{ACCOUNT}:auto-backup:ab-0123456789"


@functools.cache
def declared() -> Run:
    """The stack of the product's tests, in moto's account."""
    config = config_of(STACK)
    values = {**config.values, "plinth:aws": json.dumps({**json.loads(config.values["plinth:aws"]), "account": ACCOUNT})}
    return run_program(ROOT / "__main__.py", stack=STACK, project=config.project, config=values)


@functools.cache
def session() -> boto3.Session:
    """Reading the models of the services takes a second."""
    return boto3.Session()


@functools.cache
def client(service: Any) -> Any:
    return session().client(service, region_name=REGION)


def tags() -> dict[str, str]:
    return {"project": declared().project, "stack": STACK}


def pairs(key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    return [{key: name, value: content} for name, content in tags().items()]


def of_type(token: str) -> Iterator[RecordedResource]:
    return (each for each in declared().resources if each.type == token)


def keys() -> list[RecordedResource]:
    """The keys of the stack's own region: that of copies is not looked at."""
    first, *_ = of_type("pulumi:providers:aws")
    return [each for each in of_type("aws:kms/key:Key") if each.provider.rpartition("::")[0] == first.urn]


def sign_in_to_moto(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


def deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make everything that is verified; EKS add-ons, which moto does not know, are answered beside it."""
    network, subnets = _network()
    group = _group(network, "database", own=True)
    _database(subnets, group)
    _cluster(subnets, group)
    for each in keys():
        _key(each.inputs["description"], each.inputs["policy"])
    for each in of_type("aws:cloudwatch/logGroup:LogGroup"):
        client("logs").create_log_group(logGroupName=each.inputs["name"], kmsKeyId=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/logs", tags=tags())
        client("logs").put_retention_policy(logGroupName=each.inputs["name"], retentionInDays=each.inputs["retentionInDays"])
    client("ec2").enable_ebs_encryption_by_default()
    volume = client("ec2").create_volume(AvailabilityZone="eu-west-1a", Size=10, Encrypted=True)["VolumeId"]
    client("ec2").create_tags(Resources=[volume], Tags=[*pairs(), {"Key": "ebs.csi.aws.com/cluster", "Value": "true"}])
    addons = {each.inputs["addonName"]: each.inputs for each in of_type("aws:eks/addon:Addon")}
    answer(
        monkeypatch,
        {
            "ListAddons": lambda _: {"addons": sorted(addons)},
            "DescribeAddon": lambda given: {"addon": _addon(addons[given["addonName"]])},
            "DescribeDBProxies": lambda _: {"DBProxies": [_proxy(network)]},
            "DescribeDBProxyTargets": lambda _: {"Targets": [{"Type": "RDS_INSTANCE", "RdsResourceId": _identifier()}]},
            "DescribeDBInstances": _with_copies(),
        },
    )


def answer(monkeypatch: pytest.MonkeyPatch, answers: Mapping[str, Any]) -> None:
    """Let AWS answer these operations so; the others go on to whoever answered before."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    monkeypatch.setattr(
        BaseClient, "_make_api_call", lambda self, name, given: answers[name](given) if name in answers else call(self, name, given)
    )


def _addon(inputs: Mapping[str, Any]) -> dict[str, Any]:
    arn = f"arn:aws:eks:{REGION}:{ACCOUNT}:addon/{inputs['clusterName']}/{inputs['addonName']}"
    known = ("addonName", "addonVersion", "configurationValues")
    return {"addonArn": arn, "tags": tags(), **{key: inputs[key] for key in known if inputs.get(key) not in {None, UNKNOWN}}}


def _identifier() -> str:
    [database] = of_type("aws:rds/instance:Instance")
    return str(database.inputs["identifier"])


def _proxy(network: str) -> dict[str, Any]:
    [proxy] = of_type("aws:rds/proxy:Proxy")
    return {
        "DBProxyName": proxy.inputs["name"],
        "DBProxyArn": f"arn:aws:rds:{REGION}:{ACCOUNT}:db-proxy:prx-0123456789abcdef0",
        "EngineFamily": proxy.inputs["engineFamily"],
        "DefaultAuthScheme": proxy.inputs["defaultAuthScheme"],
        "RequireTLS": proxy.inputs["requireTls"],
        "DebugLogging": proxy.inputs["debugLogging"],
        "IdleClientTimeout": proxy.inputs["idleClientTimeout"],
        "VpcId": network,
    }


def _with_copies() -> Callable[[Any], Any]:
    """What moto says of instances, and that their backups are copied, which moto does not know."""

    def describe(given: Any) -> Any:
        said = call(client("rds"), "DescribeDBInstances", given)
        for each in said["DBInstances"]:
            if each["DBInstanceIdentifier"] == _identifier():
                each["DBInstanceAutomatedBackupsReplications"] = [{"DBInstanceAutomatedBackupsArn": COPIES}]
        return said

    call = BaseClient._make_api_call  # type: ignore[attr-defined]
    return describe


def _network() -> tuple[str, list[str]]:
    ec2 = client("ec2")
    network = ec2.create_vpc(CidrBlock="10.48.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": pairs()}])["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=network, CidrBlock=f"10.48.{place}.0/24", AvailabilityZone=f"eu-west-1{letter}")["Subnet"]["SubnetId"]
        for place, letter in enumerate("abc")
    ]
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=network, SubnetIds=subnets)
    return network, subnets


def _group(network: str, name: str, *, own: bool) -> str:
    specifications = [{"ResourceType": "security-group", "Tags": pairs()}] if own else []
    group: str = client("ec2").create_security_group(GroupName=name, Description=name, VpcId=network, TagSpecifications=specifications)[
        "GroupId"
    ]
    let_in(group, "10.48.0.0/16", own=own)
    return group


def let_in(group: str, cidr: str, *, own: bool) -> None:
    client("ec2").authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": cidr}]}],
        TagSpecifications=[{"ResourceType": "security-group-rule", "Tags": pairs()}] if own else [],
    )


def _database(subnets: list[str], group: str) -> None:
    rds = client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="database", DBSubnetGroupDescription="database", SubnetIds=subnets)
    [parameters] = of_type("aws:rds/parameterGroup:ParameterGroup")
    rds.create_db_parameter_group(
        DBParameterGroupName="database-parameters",
        DBParameterGroupFamily=parameters.inputs["family"],
        Description=parameters.inputs["description"],
        Tags=pairs(),
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName="database-parameters",
        Parameters=[
            {"ParameterName": each["name"], "ParameterValue": each["value"], "ApplyMethod": each["applyMethod"]}
            for each in parameters.inputs["parameters"]
        ],
    )
    [database] = of_type("aws:rds/instance:Instance")
    wanted = database.inputs
    rds.create_db_instance(
        DBInstanceIdentifier=wanted["identifier"],
        Engine=wanted["engine"],
        EngineVersion=wanted["engineVersion"],
        DBInstanceClass=wanted["instanceClass"],
        AllocatedStorage=wanted["allocatedStorage"],
        MaxAllocatedStorage=wanted["maxAllocatedStorage"],
        MultiAZ=wanted["multiAz"],
        BackupRetentionPeriod=wanted["backupRetentionPeriod"],
        DeletionProtection=wanted["deletionProtection"],
        PubliclyAccessible=wanted["publiclyAccessible"],
        StorageEncrypted=wanted["storageEncrypted"],
        StorageType=wanted["storageType"],
        CopyTagsToSnapshot=wanted["copyTagsToSnapshot"],
        AutoMinorVersionUpgrade=wanted["autoMinorVersionUpgrade"],
        EnableIAMDatabaseAuthentication=wanted["iamDatabaseAuthenticationEnabled"],
        EnableCloudwatchLogsExports=wanted["enabledCloudwatchLogsExports"],
        EnablePerformanceInsights=wanted["performanceInsightsEnabled"],
        PerformanceInsightsRetentionPeriod=wanted["performanceInsightsRetentionPeriod"],
        MonitoringInterval=wanted["monitoringInterval"],
        MonitoringRoleArn=f"arn:aws:iam::{ACCOUNT}:role/monitoring",
        PreferredBackupWindow=wanted["backupWindow"],
        PreferredMaintenanceWindow=wanted["maintenanceWindow"],
        CACertificateIdentifier=wanted["caCertIdentifier"],
        ManageMasterUserPassword=True,
        MasterUsername=wanted["username"],
        DBName=wanted["dbName"],
        Port=wanted["port"],
        DBParameterGroupName="database-parameters",
        DBSubnetGroupName="database",
        VpcSecurityGroupIds=[group],
        Tags=[*pairs(), *({"Key": name, "Value": content} for name, content in wanted["tags"].items())],
    )


def _cluster(subnets: list[str], group: str) -> None:
    eks = client("eks")
    [cluster] = of_type("aws:eks/cluster:Cluster")
    role = f"arn:aws:iam::{ACCOUNT}:role/cluster"
    network = cluster.inputs["vpcConfig"]
    eks.create_cluster(
        name=cluster.inputs["name"],
        version=cluster.inputs["version"],
        roleArn=role,
        resourcesVpcConfig={
            "subnetIds": subnets,
            "securityGroupIds": [group],
            "endpointPublicAccess": network["endpointPublicAccess"],
            "endpointPrivateAccess": network["endpointPrivateAccess"],
        },
        logging={"clusterLogging": [{"types": cluster.inputs["enabledClusterLogTypes"], "enabled": True}]},
        tags=tags(),
    )
    for each in of_type("aws:eks/nodeGroup:NodeGroup"):
        wanted = each.inputs
        eks.create_nodegroup(
            clusterName=cluster.inputs["name"],
            nodegroupName=f"{each.name}-0123abc",
            nodeRole=role,
            subnets=subnets,
            scalingConfig=wanted["scalingConfig"],
            amiType=wanted["amiType"],
            capacityType=wanted["capacityType"],
            instanceTypes=wanted["instanceTypes"],
            labels=wanted["labels"],
            taints=wanted["taints"],
            updateConfig=wanted["updateConfig"],
            version=wanted["version"],
            releaseVersion=wanted["releaseVersion"],
            tags=tags(),
        )


def _key(description: str, policy: str) -> str:
    kms = client("kms")
    key: str = kms.create_key(Description=description, Policy=policy, Tags=pairs("TagKey", "TagValue"))["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key)
    return key
