from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.aws import AwsLocation
from components.storage.aws.object_store import S3Stores, S3StoresArgs
from components.storage.aws.replication import replication_rights
from components.storage.object_store import S3Store
from components.storage.object_store_model import StoreSettings
from tests.components.recorded import behind, document, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

BUCKET = "aws:s3/bucket:Bucket"
LOCK = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
KEY = "aws:kms/key:Key"
NAME = "plinth-production-backups-777788889999-eu-west-1"
BACKUPS = StoreSettings.model_validate({"immutableFor": "30d", "keepFor": "90d", "recovery": {"rpo": "1h", "rto": "4h"}})
ARGS = S3StoresArgs(
    stores={"backups": BACKUPS},
    name="plinth-production",
    location=AwsLocation(region="eu-west-1", account_id="777788889999"),
    keep_data=True,
    retain=True,
)


def stores(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: S3Stores("stores", replace(ARGS, **changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return stores(preview)


def configuration(run: Run, kind: str) -> RecordedResource:
    (found,) = of_type(run, f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}")
    return found


def test_a_bucket_is_named_by_all_that_makes_it_the_only_one(run: Run) -> None:
    assert the(run, BUCKET, "stores-backups").inputs["bucket"] == NAME


def test_objects_can_be_locked_from_the_first_one_on(run: Run) -> None:
    assert the(run, BUCKET, "stores-backups").inputs["objectLockEnabled"] is True
    retention = configuration(run, "BucketObjectLockConfiguration").inputs["rule"]["defaultRetention"]
    assert retention == {"mode": "GOVERNANCE", "days": 30}


def test_a_store_that_is_not_immutable_locks_nothing_by_itself(preview: Preview) -> None:
    run = stores(preview, stores={"backups": StoreSettings.model_validate({"keepFor": "7d"})})
    assert of_type(run, LOCK) == []
    assert "tags" not in the(run, BUCKET, "stores-backups").inputs


def test_every_version_is_kept_and_goes_once_it_was_a_former_one_for_long_enough(run: Run) -> None:
    assert configuration(run, "BucketVersioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
    (rule,) = configuration(run, "BucketLifecycleConfiguration").inputs["rules"]
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": 90}
    assert rule["expiration"] == {"expiredObjectDeleteMarker": True}


def test_what_an_abandoned_upload_left_is_removed(run: Run) -> None:
    (rule,) = configuration(run, "BucketLifecycleConfiguration").inputs["rules"]
    assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}


def test_a_key_of_its_own_encrypts_it(run: Run) -> None:
    (rule,) = configuration(run, "BucketServerSideEncryptionConfiguration").inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "aws:kms"
    assert rule["bucketKeyEnabled"] is True
    assert the(run, KEY, "stores-backups-key").inputs["enableKeyRotation"] is True


def test_nobody_outside_of_the_account_gets_in(run: Run) -> None:
    blocked = configuration(run, "BucketPublicAccessBlock").inputs
    assert {value for key, value in blocked.items() if key != "bucket"} == {True}
    assert len(blocked) == 5
    assert configuration(run, "BucketOwnershipControls").inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}


def statements(run: Run) -> dict[str, Any]:
    (policy,) = of_type(run, POLICY)
    return {each["Sid"]: each for each in document(policy, "policy")["Statement"]}


def test_the_policy_only_denies_and_asks_for_recent_tls(run: Run) -> None:
    found = statements(run)
    assert {each["Effect"] for each in found.values()} == {"Deny"}
    everything = [f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/*"]
    for sid in ("TlsOnly", "RecentTls"):
        assert (found[sid]["Action"], found[sid]["Resource"]) == ("s3:*", everything)
    assert found["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert found["RecentTls"]["Condition"] == {"NumericLessThan": {"s3:TlsVersion": "1.2"}}


def test_uploads_cannot_bring_an_encryption_of_their_own(run: Run) -> None:
    headers = {header for each in statements(run).values() for header, absent in each.get("Condition", {}).get("Null", {}).items()}
    assert headers == {"s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-customer-algorithm"}


def test_nobody_deletes_a_version_until_the_stack_is_to_be_taken_down(preview: Preview, run: Run) -> None:
    assert statements(run)["KeepVersions"]["Action"] == ["s3:BypassGovernanceRetention", "s3:DeleteObjectVersion"]
    torn_down = stores(preview, retain=False)
    assert "KeepVersions" not in statements(torn_down)
    assert not any(option(each, "protect") for each in torn_down.resources)


def test_data_and_its_key_are_protected(run: Run) -> None:
    assert {each.type for each in run.resources if option(each, "protect")} == {BUCKET, KEY}


@pytest.mark.parametrize("kept", [True, False])
def test_it_stays_with_all_that_is_set_of_it_where_data_is_kept(preview: Preview, *, kept: bool) -> None:
    run = stores(preview, keep_data=kept)
    of_stores = {each.urn for each in run.resources if each.custom and each.type.startswith("aws:")}
    assert {each.urn for each in run.resources if option(each, "retain_on_delete")} == (of_stores if kept else set())


def test_what_is_set_of_a_bucket_goes_with_it_and_not_before(run: Run) -> None:
    bucket = the(run, BUCKET, "stores-backups").urn
    settings = {each.urn for each in run.resources if each.type.startswith("aws:s3/bucket") and each.type != BUCKET}
    assert {each.urn for each in run.resources if option(each, "deleted_with") == bucket} == settings


def test_a_bucket_is_changed_one_thing_at_a_time(run: Run) -> None:
    settings = [each for each in run.resources if each.type.startswith("aws:s3/bucket")]
    for earlier, later in itertools.pairwise(settings):
        assert earlier.urn in behind(run, later)


def test_its_targets_are_declared_as_tags(run: Run) -> None:
    assert the(run, BUCKET, "stores-backups").inputs["tags"] == {"platform:rpo": "1h", "platform:rto": "4h"}


def test_writers_are_told_where_it_is_and_wait_until_all_is_set(preview: Preview) -> None:
    given: dict[str, S3Store] = {}

    def program() -> None:
        given.update(S3Stores("stores", ARGS).stores)

    run = preview(program)
    store = given["backups"]
    assert (store.bucket, store.region, store.endpoint, store.credentials) == (NAME, "eu-west-1", None, None)
    assert store.immutable_for == BACKUPS.immutable_for
    last = [each for each in run.resources if each.type.startswith("aws:s3/bucket")][-1]
    assert store.ready is not None
    assert last.name == store.ready._name


THERE = replace(ARGS, location=AwsLocation(region="eu-central-1", account_id="777788889999"))
COPY = "plinth-production-backups-777788889999-eu-central-1"


def copied(preview: Preview, **changed: Any) -> Run:
    def program() -> None:
        there = S3Stores("copies", replace(THERE, **changed))
        S3Stores("stores", replace(ARGS, copies=there.buckets, **changed))

    return preview(program)


@pytest.fixture
def with_copies(preview: Preview) -> Run:
    return copied(preview)


REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"


def test_a_copy_is_kept_as_what_it_is_a_copy_of(with_copies: Run) -> None:
    def kept(component: str) -> dict[str, Any]:
        found = [each for each in with_copies.resources if each.name.startswith(f"{component}-backups-")]
        return {each.type: {key: value for key, value in each.inputs.items() if key not in {"policy", "description"}} for each in found}

    assert the(with_copies, BUCKET, "copies-backups").inputs["bucket"] == COPY
    first = kept("stores")
    assert {token: inputs for token, inputs in first.items() if token in kept("copies")} == {
        token: {**inputs, **({"bucket": first[token]["bucket"]} if "bucket" in inputs else {})} for token, inputs in kept("copies").items()
    }


def test_whatever_is_encrypted_is_copied_and_deletions_too(with_copies: Run) -> None:
    (rule,) = the(with_copies, REPLICATION, "stores-backups-replication").inputs["rules"]
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    assert rule["deleteMarkerReplication"] == {"status": "Enabled"}


def test_copying_begins_once_both_sides_are_set_and_before_anybody_writes(preview: Preview) -> None:
    given: dict[str, S3Store] = {}

    def program() -> None:
        given.update(S3Stores("stores", replace(ARGS, copies=S3Stores("copies", THERE).buckets)).stores)

    run = preview(program)
    replication = the(run, REPLICATION, "stores-backups-replication")
    before = behind(run, replication)
    for component in ("stores", "copies"):
        assert the(run, LOCK, f"{component}-backups-lock").urn in before
    assert the(run, "aws:iam/rolePolicy:RolePolicy", "stores-backups-replication-rights").urn in before
    ready = given["backups"].ready
    assert ready is not None
    assert ready._name == replication.name


def test_copying_goes_on_where_the_data_is_kept(preview: Preview, with_copies: Run) -> None:
    names = {"stores-backups-replication", "stores-backups-replication-role", "stores-backups-replication-rights"}

    def staying(run: Run) -> set[str]:
        return {each.name for each in run.resources if option(each, "retain_on_delete")} & names

    assert staying(with_copies) == names
    assert staying(copied(preview, keep_data=False)) == set()


def test_the_role_reads_here_writes_there_and_uses_each_key_for_its_bucket_alone() -> None:
    rights = replication_rights(ARGS.bucket("backups"), THERE.bucket("backups"))
    found = {tuple(each["Action"]): each for each in rights}
    assert [each["Resource"] for each in rights] == [
        f"arn:aws:s3:::{NAME}",
        f"arn:aws:s3:::{NAME}/*",
        f"arn:aws:s3:::{COPY}/*",
        "arn:aws:kms:eu-west-1:777788889999:key/*",
        "arn:aws:kms:eu-central-1:777788889999:key/*",
    ]
    decrypts = found[("kms:Decrypt",)]["Condition"]["StringEquals"]
    assert decrypts == {"kms:ViaService": "s3.eu-west-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{NAME}"}
    encrypts = found[("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")]["Condition"]["StringEquals"]
    assert encrypts == {"kms:ViaService": "s3.eu-central-1.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{COPY}"}
    # A lock is copied with its object.
    assert {"s3:GetObjectRetention", "s3:GetObjectLegalHold"} <= set(rights[1]["Action"])
