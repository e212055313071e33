from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.cli.projects import plinth, write_project

ACCOUNT = "123456789012"
ARN = f"arn:aws:rds:eu-west-1:{ACCOUNT}:db:orders"
CONFIG = "config:\n  plinth:environment: production\n"
PROGRAM = f"""
pulumi.ProviderResource("aws", "aws", {{"region": "eu-west-1", "allowedAccountIds": '["{ACCOUNT}"]'}})
Thing(
    "aws:rds/instance:Instance", "orders", identifier="orders", engine="mysql", multiAz=True, backupRetentionPeriod=30,
    deletionProtection=True, publiclyAccessible=False, skipFinalSnapshot=False, finalSnapshotIdentifier="orders-final",
    storageEncrypted=True, manageMasterUserPassword=True, tags={{"platform:rpo": "5m", "platform:rto": "1h"}},
)
"""


MARKERS: list[Any] = [{"Key": "platform:rpo", "Value": "5m"}, {"Key": "platform:rto", "Value": "1h"}]


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        rds = boto3.client("rds", region_name="eu-west-1")
        rds.create_db_instance(
            DBInstanceIdentifier="orders",
            Engine="mysql",
            EngineVersion="8.4.6",
            DBInstanceClass="db.m7g.large",
            AllocatedStorage=20,
            MultiAZ=True,
            BackupRetentionPeriod=30,
            DeletionProtection=True,
            PubliclyAccessible=False,
            StorageEncrypted=True,
            MasterUsername="somebody",
            ManageMasterUserPassword=True,
            Tags=[{"Key": "project", "Value": "plinth"}, {"Key": "stack", "Value": "production"}, *MARKERS],
        )
        yield rds


def refuse(monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    call = BaseClient._make_api_call  # type: ignore[attr-defined]

    def answer(self: Any, name: str, given: Any) -> Any:
        if name == operation:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, name)
        return call(self, name, given)

    monkeypatch.setattr(BaseClient, "_make_api_call", answer)


def test_a_clean_account_ends_with_0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = plinth(write_project(tmp_path, PROGRAM, production=CONFIG), "verify", "aws", "production", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    assert f"plinth stack production in the account {ACCOUNT}, eu-west-1: as it is to be (0 violations" in result.stdout
    assert "   1 databases" in result.stdout


def test_what_was_changed_by_hand_ends_with_1_and_is_named_with_its_arn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Any
) -> None:
    folder = write_project(tmp_path, PROGRAM, production=CONFIG)
    database.modify_db_instance(DBInstanceIdentifier="orders", DeletionProtection=False, ApplyImmediately=True)
    result = plinth(folder, "verify", "aws", "production", monkeypatch=monkeypatch)
    assert result.exit_code == 1
    assert "not as it is to be (1 violation" in result.stdout
    assert ARN in result.stdout
    assert "[PG-005] the production database can be deleted by mistake (deletionProtection = false)" in result.stdout
    assert "it was changed by hand (deletionProtection is false, declared is true)" in result.stdout


def test_the_document_for_machines_has_exactly_the_agreed_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Any) -> None:
    folder = write_project(tmp_path, PROGRAM, production=CONFIG)
    database.modify_db_instance(DBInstanceIdentifier="orders", DeletionProtection=False, ApplyImmediately=True)
    result = plinth(folder, "verify", "aws", "production", "--json", monkeypatch=monkeypatch)
    content = json.loads(result.stdout)
    assert set(content) == {
        *("schemaVersion", "project", "stack", "account", "region", "verdict"),
        *("lookedAt", "notes", "unread", "resources", "diagnostics", "drift"),
    }
    assert content["verdict"] == "refused"
    [diagnostic] = content["diagnostics"]
    assert (diagnostic["resource"], diagnostic["requirements"], diagnostic["path"]) == (ARN, ["PG-005"], "deletionProtection")
    [one] = content["drift"]
    assert (one["resource"], one["path"], one["declared"], one["live"]) == (ARN, "deletionProtection", "true", "false")


def test_a_missing_right_ends_with_3_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_project(tmp_path, PROGRAM, production=CONFIG)
    refuse(monkeypatch, "ListClusters")
    result = plinth(folder, "verify", "aws", "production", monkeypatch=monkeypatch)
    assert result.exit_code == 3
    assert "Not read: clusters: the right eks:ListClusters is missing" in result.stdout


def test_a_missing_right_hides_no_violation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Any) -> None:
    folder = write_project(tmp_path, PROGRAM, production=CONFIG)
    database.modify_db_instance(DBInstanceIdentifier="orders", MultiAZ=False, ApplyImmediately=True)
    refuse(monkeypatch, "ListClusters")
    assert plinth(folder, "verify", "aws", "production", monkeypatch=monkeypatch).exit_code == 1


def test_a_stack_that_is_not_on_aws_ends_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = plinth(write_project(tmp_path, "", production=CONFIG), "verify", "aws", "production", monkeypatch=monkeypatch)
    assert result.exit_code == 2
    assert "the stack production is not on AWS" in result.stderr
