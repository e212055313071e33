from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto import mock_aws

from accounts.errors import AccountError
from offline.engine import Run
from policies.analyzer import Analyzer
from policies.waivers import Waiver
from tests.runs import config_of
from tests.verification.aws.accounts import (
    ACCOUNT,
    COPIES,
    REGION,
    STACK,
    answer,
    client,
    declared,
    deploy,
    keys,
    let_in,
    of_type,
    pairs,
    sign_in_to_moto,
)
from verification.aws.networks import INGRESS_RULE
from verification.aws.verifying import Verification, verify
from verification.drift import Drift

NAME = "plinth-production"
DATABASE = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:{NAME}"
CLUSTER = f"arn:aws:eks:{REGION}:{ACCOUNT}:cluster/{NAME}"


@pytest.fixture(scope="module")
def healthy() -> Iterator[Verification]:
    """An account as the program leaves it, with what AWS moves by itself."""
    with pytest.MonkeyPatch.context() as patch:
        sign_in_to_moto(patch)
        with mock_aws():
            deploy(patch)
            resize_nodes(desiredSize=5)
            change_database(AllocatedStorage=400)
            yield verified()


@pytest.fixture(scope="module")
def drifted(healthy: Verification) -> Verification:
    """The same account, after somebody has been busy in the console: tests of the healthy one come before."""
    assert healthy.drift == ()
    change_by_hand()
    return verified()


def verified(*waivers: Waiver) -> Verification:
    return verify(declared(), Analyzer(waivers=waivers), config=config_of(STACK).values, secret_keys=frozenset())


def change_by_hand() -> None:
    rds, eks, kms, logs, ec2, s3 = (client(name) for name in ("rds", "eks", "kms", "logs", "ec2", "s3"))
    change_database(DeletionProtection=False, BackupRetentionPeriod=1, MultiAZ=False, PubliclyAccessible=True)
    parameters = {"rds.force_ssl": "0", "work_mem": "65536"}
    rds.modify_db_parameter_group(
        DBParameterGroupName="database-parameters",
        Parameters=[{"ParameterName": name, "ParameterValue": value, "ApplyMethod": "immediate"} for name, value in parameters.items()],
    )
    rds.create_db_instance(
        DBInstanceIdentifier="by-hand",
        Engine="postgres",
        DBInstanceClass="db.m7g.large",
        AllocatedStorage=20,
        MasterUsername="somebody",
        MasterUserPassword="not-a-secret",  # of a database that is not there
        DBSubnetGroupName="database",
    )
    for cidr in ("0.0.0.0/0", "10.9.0.0/16"):
        let_in(own_group(), cidr, own=False)
    eks.update_cluster_config(name=NAME, resourcesVpcConfig={"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]})
    resize_nodes(minSize=1)
    kms.disable_key_rotation(KeyId=key("Encrypts the volumes of pods"))
    kms.schedule_key_deletion(KeyId=key(f"Encrypts the Kubernetes secrets of {NAME}"), PendingWindowInDays=30)
    logs.put_retention_policy(logGroupName=f"/aws/eks/{NAME}/cluster", retentionInDays=1)
    logs.delete_log_group(logGroupName=f"/aws/vpc/{NAME}/flow-logs")
    volume = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1, Encrypted=False)["VolumeId"]
    ec2.create_tags(Resources=[volume], Tags=pairs())
    ec2.disable_ebs_encryption_by_default()
    for bucket in ("own", "others"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_tagging(Bucket="own", Tagging={"TagSet": pairs()})


def change_database(**changes: Any) -> None:
    client("rds").modify_db_instance(DBInstanceIdentifier=NAME, ApplyImmediately=True, **changes)


def resize_nodes(**scaling: int) -> None:
    [name] = client("eks").list_nodegroups(clusterName=NAME)["nodegroups"]
    sizes = client("eks").describe_nodegroup(clusterName=NAME, nodegroupName=name)["nodegroup"]["scalingConfig"]
    client("eks").update_nodegroup_config(clusterName=NAME, nodegroupName=name, scalingConfig={**sizes, **scaling})


def own_group() -> str:
    [found] = client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": ["database"]}])["SecurityGroups"]
    return str(found["GroupId"])


def key(description: str) -> str:
    keys = [client("kms").describe_key(KeyId=each["KeyId"])["KeyMetadata"] for each in client("kms").list_keys()["Keys"]]
    return next(str(each["KeyId"]) for each in keys if each["Description"] == description)


def violations(found: Verification) -> set[tuple[str, str]]:
    return {(each.urn, requirement) for each in found.diagnostics if each.level == "mandatory" for requirement in each.requirements}


def drift(found: Verification) -> dict[tuple[str, str], Drift]:
    return {(each.resource, each.path): each for each in found.drift}


def arn_of(found: Verification, kind: str, **inputs: Any) -> str:
    [one] = [each for each in found.reading.resources if each.type == kind and inputs.items() <= each.inputs.items()]
    return one.arn


# -- what is as it is to be -----------------------------------------------------------------------------------------------------


def test_an_account_as_the_program_leaves_it_is_clean_and_it_is_said_what_was_looked_at(healthy: Verification) -> None:
    assert healthy.diagnostics == []
    assert healthy.drift == ()
    assert healthy.notes == ()
    assert healthy.reading.gaps == {}
    assert healthy.reading.looked_at == {
        "databases": 3,
        "database pools": 2,
        "clusters": 1,
        "node groups": len(list(of_type("aws:eks/nodeGroup:NodeGroup"))),
        "add-ons": len(list(of_type("aws:eks/addon:Addon"))),
        "security groups": 3,
        "ways into the network": 1,
        "keys": len(keys()),
        "volumes and snapshots": 2,
        "buckets": 0,
        "log groups": len(list(of_type("aws:cloudwatch/logGroup:LogGroup"))),
        "backup plans and vaults": 0,
    }


def test_the_pool_and_the_copies_of_the_database_are_seen(healthy: Verification) -> None:
    database = arn_of(healthy, "aws:rds/instance:Instance")
    assert arn_of(healthy, "aws:rds/proxyTarget:ProxyTarget", dbInstanceIdentifier="plinth-production")
    assert arn_of(healthy, "aws:rds/proxy:Proxy", defaultAuthScheme="IAM_AUTH", requireTls=True)
    copies = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
    assert arn_of(healthy, copies, sourceDbInstanceArn=database) == COPIES


@pytest.mark.usefixtures("healthy")
def test_a_proxy_that_somebody_changed_or_took_away_is_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    [proxy] = of_type("aws:rds/proxy:Proxy")
    known = {"DBProxyName": proxy.inputs["name"], "DBProxyArn": "arn:aws:rds:eu-west-1:1:db-proxy:prx-1", "RequireTLS": False}
    with monkeypatch.context() as changed:
        answer(changed, {"DescribeDBProxies": lambda _: {"DBProxies": [known]}})
        assert drift(verified())[known["DBProxyArn"], "requireTls"].live == "false"
    with monkeypatch.context() as changed:
        answer(changed, {"DescribeDBProxies": lambda _: {"DBProxies": []}})
        assert "not in the account" in drift(verified())[proxy.urn, ""].problem


@pytest.mark.usefixtures("healthy")
def test_nothing_is_called_that_could_change_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    called = set()
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def record(self: Any, operation: str, given: Any) -> Any:
        called.add(operation)
        return call(self, operation, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", record)
    verified()
    assert len(called) > 20
    assert [operation for operation in called if not operation.startswith(("Describe", "Get", "List"))] == []


@pytest.mark.usefixtures("healthy")
def test_a_missing_right_is_named_the_rest_is_read_and_nothing_is_missed_that_was_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:*"
    said = f"User: arn:aws:iam::{ACCOUNT}:user/x is not authorized to perform: rds:DescribeDBInstances on resource: {arn}"

    def refuse(_: Any) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": said}}, "DescribeDBInstances")

    answer(monkeypatch, {"DescribeDBInstances": refuse})
    found = verified()
    assert found.reading.gaps == {"databases": f"the right rds:DescribeDBInstances on {arn} is missing"}
    assert found.drift == ()
    assert found.reading.looked_at["clusters"] == 1


@pytest.mark.usefixtures("healthy")
def test_parameters_that_rds_lists_as_its_own_because_they_are_its_defaults_are_those_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [group] = of_type("aws:rds/parameterGroup:ParameterGroup")
    listed = [
        {"ParameterName": each["name"], "ParameterValue": each["value"], "Source": "system", "ApplyMethod": "pending-reboot"}
        for each in group.inputs["parameters"]
    ]
    others = {"ParameterName": "wal_level", "ParameterValue": "replica", "Source": "system"}
    answer(monkeypatch, {"DescribeDBParameters": lambda _: {"Parameters": [*listed, others]}})
    assert verified().drift == ()


# -- what was changed by hand ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requirement", "path", "declared_value", "live"),
    [
        ("PG-005", "deletionProtection", "true", "false"),
        ("PG-004", "backupRetentionPeriod", "30", "1"),
        ("PG-002", "multiAz", "true", "false"),
        ("PG-015", "publiclyAccessible", "false", "true"),
    ],
)
def test_a_database_that_was_changed_by_hand_is_named_with_requirement_and_value(
    drifted: Verification, requirement: str, path: str, declared_value: str, live: str
) -> None:
    assert (DATABASE, requirement) in violations(drifted)
    found = drift(drifted)[DATABASE, path]
    assert (found.declared, found.live) == (declared_value, live)


def test_of_a_database_nothing_else_is_said(drifted: Verification) -> None:
    assert {requirement for arn, requirement in violations(drifted) if arn == DATABASE} == {
        "DR-002",
        "PG-002",
        "PG-004",
        "PG-005",
        "PG-007",
        "PG-008",
        "PG-015",
    }
    assert len([arn for arn, _ in drift(drifted) if arn == DATABASE]) == 4


def test_parameters_that_were_changed_and_added_by_hand_are_found(drifted: Verification) -> None:
    arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:pg:database-parameters"
    assert (arn, "PG-015") in violations(drifted)
    assert {path for resource, path in drift(drifted) if resource == arn} == {"parameters.rds.force_ssl.value", "parameters.work_mem"}


def test_a_port_that_was_opened_to_the_internet_is_a_violation_of_the_rule_that_opened_it(drifted: Verification) -> None:
    arn = arn_of(drifted, INGRESS_RULE, cidrIpv4="0.0.0.0/0")
    assert (arn, "PG-015") in violations(drifted)
    assert (arn, "") in drift(drifted)


def test_a_rule_that_was_added_by_hand_is_drift_even_if_it_is_private(drifted: Verification) -> None:
    arn = arn_of(drifted, INGRESS_RULE, cidrIpv4="10.9.0.0/16")
    assert arn not in {resource for resource, _ in violations(drifted)}
    assert drift(drifted)[arn, ""].problem.startswith("it was added by hand: it lets into sg-")


def test_a_group_of_nodes_that_was_shrunk_is_a_violation_and_drift(drifted: Verification) -> None:
    [arn] = [each.arn for each in drifted.reading.resources if each.type == "aws:eks/nodeGroup:NodeGroup"]
    assert (arn, "CLUS-002") in violations(drifted)
    assert (arn, "scalingConfig.minSize") in drift(drifted)


def test_an_api_that_was_opened_is_advice_and_drift(drifted: Verification) -> None:
    assert [(each.level, each.requirements) for each in drifted.diagnostics if each.urn == CLUSTER] == [("advisory", ["CLUS-008"])]
    assert (CLUSTER, "vpcConfig.endpointPublicAccess") in drift(drifted)


@pytest.mark.parametrize(
    ("kind", "path", "declared_value", "live"),
    [
        ("aws:kms/key:Key", "enableKeyRotation", "true", "false"),
        ("aws:kms/key:Key", "isEnabled", "true", "false"),
        ("aws:cloudwatch/logGroup:LogGroup", "retentionInDays", "365", "1"),
        ("aws:ebs/volume:Volume", "encrypted", "true", "false"),
    ],
)
def test_what_keeps_data_and_was_changed_by_hand_is_drift(
    drifted: Verification, kind: str, path: str, declared_value: str, live: str
) -> None:
    [one] = [each for each in drifted.drift if each.type == kind and each.path == path]
    assert (one.declared, one.live) == (declared_value, live)


def test_what_was_deleted_by_hand_is_missed_by_its_urn(drifted: Verification) -> None:
    [one] = [each for each in drifted.drift if each.problem == "it is declared, but not in the account"]
    assert one.type == "aws:cloudwatch/logGroup:LogGroup"
    assert one.resource.startswith("urn:pulumi:production::plinth::")


def test_a_database_that_somebody_put_into_the_network_is_judged_and_named(drifted: Verification) -> None:
    arn = f"arn:aws:rds:{REGION}:{ACCOUNT}:db:by-hand"
    assert {(arn, "PG-002"), (arn, "PG-004"), (arn, "PG-005"), (arn, "PG-015")} <= violations(drifted)
    # Who made its password, RDS does not say.
    assert (arn, "PG-013") not in violations(drifted)
    assert drift(drifted)[arn, ""].problem == "it was added by hand: it does not carry the stack's tags"
    undecided = {path for each in drifted.diagnostics if each.urn == arn for path in each.details["unknown"]}
    assert undecided == {"skipFinalSnapshot", "password"}


def test_buckets_of_the_stack_and_the_default_of_the_region_are_told_of(drifted: Verification) -> None:
    assert drifted.notes == (
        f"EBS does not encrypt new volumes by default in {REGION}: the platform's do, those of others may not",
        "arn:aws:s3:::own does not block public access",
        "arn:aws:s3:::own keeps no versions",
        "arn:aws:s3:::own carries the stack's tags, and the program does not declare it",
    )


@pytest.mark.usefixtures("drifted")
def test_a_waiver_of_the_program_covers_what_the_account_has() -> None:
    [resource] = of_type("aws:rds/instance:Instance")
    waiver = Waiver.model_validate(
        {
            "requirement": "PG-005",
            "resource": resource.urn,
            "reason": "the database is restored from a snapshot this week",
            "owner": "platform_team",
            "approvedBy": "operations",
            "expires": dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=7),
        }
    )
    found = verified(waiver)
    assert (DATABASE, "PG-005") not in violations(found)
    assert [each.details["kind"] for each in found.diagnostics if "PG-005" in each.requirements and each.urn == DATABASE] == ["waived"]
    assert (DATABASE, "deletionProtection") in drift(found)


# -- what goes wrong ------------------------------------------------------------------------------------------------------------


def test_a_stack_that_is_not_on_aws_is_refused() -> None:
    elsewhere = Run(stack="homelab", project="plinth", resources=(), diagnostics=(), remediations=(), outputs={}, log=())
    with pytest.raises(AccountError, match="the stack homelab is not on AWS"):
        verify(elsewhere, Analyzer(), config={}, secret_keys=frozenset())


def test_a_stack_that_was_never_deployed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in_to_moto(monkeypatch)
    nothing = {"ListClusters": "clusters", "DescribeVpcs": "Vpcs", "DescribeDBInstances": "DBInstances", "DescribeLogGroups": "logGroups"}
    nothing |= {"DescribeVolumes": "Volumes", "DescribeSnapshots": "Snapshots", "GetResources": "ResourceTagMappingList"}
    nothing |= {"DescribeDBProxies": "DBProxies"}
    with mock_aws():
        answer(monkeypatch, {operation: lambda _, key=key: {key: []} for operation, key in nothing.items()})
        with pytest.raises(AccountError, match=r"nothing of plinth-production is in the account .*: has the stack been deployed"):
            verified()
