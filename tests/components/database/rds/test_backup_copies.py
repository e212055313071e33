from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from components.aws import AwsLocation
from components.database.rds.backup_copies import RdsBackupCopies, RdsBackupCopiesArgs
from tests.components.recorded import of_type, option

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication"
KEY = "aws:kms/key:Key"
ARGS = RdsBackupCopiesArgs(
    location=AwsLocation(region="eu-central-1", account_id="111122223333"),
    identifier="plinth-production",
    source_arn="arn:aws:rds:eu-west-1:111122223333:db:plinth-production",
    retention_days=30,
    keep_data=True,
    retain=True,
)


def copied(preview: Preview, args: RdsBackupCopiesArgs = ARGS) -> Run:
    return preview(lambda: RdsBackupCopies("copies", args))


def test_backups_are_copied_for_as_long_as_they_are_kept_under_a_key_of_the_second_region(preview: Preview) -> None:
    run = copied(preview)
    (replication,), (key,) = of_type(run, REPLICATION), of_type(run, KEY)
    assert replication.inputs["sourceDbInstanceArn"] == ARGS.source_arn
    assert replication.inputs["retentionPeriod"] == 30
    assert key.urn in replication.dependencies


def test_another_retention_does_not_meet_the_replication_that_is_there(preview: Preview) -> None:
    # Everything of a replication is fixed: a change makes another, which RDS refuses beside the first.
    (replication,) = of_type(copied(preview), REPLICATION)
    assert option(replication, "delete_before_replace") is True
    assert not option(replication, "protect")


def test_copies_that_outlive_the_stack_can_still_be_opened(preview: Preview) -> None:
    (key,) = of_type(copied(preview), KEY)
    assert option(key, "retain_on_delete") is True
    assert option(key, "protect") is True
    (fleeting,) = of_type(copied(preview, replace(ARGS, keep_data=False, retain=False)), KEY)
    assert not option(fleeting, "retain_on_delete")
    assert not option(fleeting, "protect")
