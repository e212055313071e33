from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.database.cloudnativepg.archive import archive, daily_backup
from components.database.cloudnativepg.arguments import CloudNativePgError, CloudNativePostgresArgs
from components.database.cloudnativepg.cluster import cluster, database
from components.database.cloudnativepg.poolers import pooler, roles
from components.database.model import DatabaseClient
from components.foundation import Addresses
from facts.postgres import ADMINISTRATOR
from facts.quantity import parse_quantity
from tests.components.database.cloudnativepg.examples import ARGS, BUCKET, ORDERS, database_args

MIB = 2**20


def spec(args: CloudNativePostgresArgs = ARGS) -> Any:
    return cluster(args).spec


def megabytes(text: str) -> int:
    assert text.endswith("MB")
    return int(text.removesuffix("MB"))


def test_the_image_is_an_exact_build_from_the_registry_that_is_set() -> None:
    assert spec()["imageName"].startswith("ghcr.io/cloudnative-pg/postgresql:17.")
    mirrored = replace(ARGS, image_registry="registry.example.com/mirror")
    assert spec(mirrored)["imageName"].startswith("registry.example.com/mirror/cloudnative-pg/postgresql:17.")
    assert pooler("rw", mirrored).spec["pgbouncer"]["image"].startswith("registry.example.com/mirror/cloudnative-pg/pgbouncer:")


def test_with_three_instances_a_commit_waits_and_no_standby_that_lacks_it_becomes_primary() -> None:
    assert spec()["postgresql"]["synchronous"] == {"method": "any", "number": 1, "dataDurability": "required", "failoverQuorum": True}


def test_two_instances_go_on_alone_and_one_has_nobody_to_wait_for() -> None:
    assert spec(database_args(instances=2))["postgresql"]["synchronous"]["dataDurability"] == "preferred"
    assert "synchronous" not in spec(database_args(instances=1))["postgresql"]


def test_an_only_instance_lets_its_node_be_drained_and_restarts_in_place() -> None:
    one = spec(database_args(instances=1))
    assert (one["enablePDB"], one["primaryUpdateMethod"]) == (False, "restart")
    assert (spec()["enablePDB"], spec()["primaryUpdateMethod"]) == (True, "switchover")


@pytest.mark.parametrize(
    ("zoned", "instances", "then"), [(True, 3, "DoNotSchedule"), (False, 3, "ScheduleAnyway"), (True, 1, "ScheduleAnyway")]
)
def test_instances_spread_over_zones_where_nodes_say_in_which_they_are(zoned: bool, instances: int, then: str) -> None:  # noqa: FBT001 # a parameter
    (constraint,) = spec(replace(database_args(instances=instances), zoned=zoned))["topologySpreadConstraints"]
    assert (constraint["topologyKey"], constraint["whenUnsatisfiable"]) == ("topology.kubernetes.io/zone", then)


def test_the_jobs_that_make_instances_count_among_them_and_poolers_do_not() -> None:
    # As the operator labels them (pkg/specs/jobs.go, pkg/specs/pgbouncer/deployments.go). A job binds the volumes.
    job = {"cnpg.io/cluster": "postgres", "cnpg.io/jobRole": "join", "app.kubernetes.io/component": "database"}
    pooler_pod = {"cnpg.io/cluster": "postgres", "cnpg.io/podRole": "pooler", "app.kubernetes.io/component": "pooler"}
    (constraint,) = spec()["topologySpreadConstraints"]
    counted = constraint["labelSelector"]["matchLabels"].items()
    assert counted <= job.items()
    assert not counted <= pooler_pod.items()


def test_no_two_instances_share_a_node() -> None:
    assert spec()["affinity"] == {"enablePodAntiAffinity": True, "podAntiAffinityType": "required", "topologyKey": "kubernetes.io/hostname"}


def test_nobody_signs_in_but_the_poolers_in_the_name_of_a_client() -> None:
    postgresql = spec()["postgresql"]
    assert postgresql["pg_hba"] == ["hostssl platform orders_app all cert map=pooled", "host all all all reject"]
    assert postgresql["pg_ident"] == ["pooled cnpg_pooler_pgbouncer orders_app"]
    assert spec()["enableSuperuserAccess"] is False


def test_a_client_has_a_role_without_a_password_and_a_schema_of_its_own() -> None:
    assert spec()["managed"]["roles"] == [{"name": "orders_app", "ensure": "present", "login": True, "disablePassword": True}]
    assert database(ARGS).spec["schemas"] == [{"name": "orders_app", "owner": "orders_app"}]
    assert "schemas" not in database(replace(ARGS, clients=[])).spec


def test_service_accounts_that_share_a_user_share_its_role() -> None:
    shared = replace(ARGS, clients=[ORDERS, DatabaseClient(namespace="shop", service_account="jobs", user="orders_app")])
    assert [role["name"] for role in spec(shared)["managed"]["roles"]] == ["orders_app"]


def test_the_certificates_of_replication_stay_the_operators_own() -> None:
    assert spec()["certificates"] == {"serverTLSSecret": "postgres-server-tls", "serverCASecret": "postgres-server-tls"}


def test_it_begins_empty_with_checksums_unless_it_is_restored() -> None:
    bootstrap = spec()["bootstrap"]["initdb"]
    assert (bootstrap["database"], bootstrap["owner"], bootstrap["dataChecksums"]) == ("platform", ADMINISTRATOR, True)
    assert "externalClusters" not in spec()


def test_a_restored_one_begins_with_the_old_archive_and_writes_another() -> None:
    restored = spec(database_args(archive="postgres-2", restoreFrom={"archive": "postgres", "targetTime": "2026-09-21T14:05:00Z"}))
    assert restored["bootstrap"]["recovery"]["recoveryTarget"] == {"targetTime": "2026-09-21T14:05:00Z"}
    (source,) = restored["externalClusters"]
    assert source["name"] == restored["bootstrap"]["recovery"]["source"]
    assert source["plugin"]["parameters"]["serverName"] == "postgres"
    (plugin,) = restored["plugins"]
    assert (plugin["isWALArchiver"], plugin["parameters"]["serverName"]) == (True, "postgres-2")


def test_without_a_moment_it_is_restored_to_the_latest_change() -> None:
    restored = spec(database_args(archive="postgres-2", restoreFrom={"archive": "postgres"}))
    assert "recoveryTarget" not in restored["bootstrap"]["recovery"]


@pytest.mark.parametrize("memory", ["256Mi", "4Gi", "64Gi"])
def test_connections_and_buffers_fit_the_memory(memory: str) -> None:
    parameters = spec(database_args(memory=memory))["postgresql"]["parameters"]
    total = int(parse_quantity(memory)) // MIB
    assert megabytes(parameters["shared_buffers"]) * 4 <= total
    assert int(parameters["max_connections"]) >= 25
    assert int(parameters["max_connections"]) * 10 <= max(total, 250) * 1.03


@pytest.mark.parametrize("storage", ["1Gi", "20Gi"])
def test_what_is_kept_for_standbys_and_crashes_fits_the_volume_of_changes(storage: str) -> None:
    parameters = spec(database_args(walStorage=storage))["postgresql"]["parameters"]
    kept = [megabytes(parameters[name]) for name in ("max_wal_size", "wal_keep_size", "max_slot_wal_keep_size")]
    assert sum(kept) < int(parse_quantity(storage)) // MIB


def test_the_archive_is_the_bucket_and_trusts_its_authority() -> None:
    store = archive(ARGS).spec
    assert store["configuration"]["destinationPath"] == "s3://platform-database/"
    assert store["configuration"]["endpointCA"] == {"name": "minio-tls", "key": "ca.crt"}
    assert store["configuration"]["s3Credentials"]["secretAccessKey"] == {"name": "minio", "key": "rootPassword"}
    assert store["retentionPolicy"] == "30d"
    with pytest.raises(CloudNativePgError, match="no credentials"):
        archive(replace(ARGS, bucket=replace(BUCKET, credentials=None)))
    public = archive(replace(ARGS, bucket=replace(BUCKET, authority_secret=None)))
    assert "endpointCA" not in public.spec["configuration"]


def test_requests_are_signed_for_the_region_where_there_is_one() -> None:
    abroad = archive(replace(ARGS, bucket=replace(BUCKET, region="eu-west-1")))
    assert abroad.spec["instanceSidecarConfiguration"]["env"] == [{"name": "AWS_DEFAULT_REGION", "value": "eu-west-1"}]
    assert "env" not in archive(ARGS).spec["instanceSidecarConfiguration"]


def test_another_archive_gets_a_schedule_of_its_own_so_that_its_first_copy_is_made_at_once() -> None:
    restored = database_args(archive="postgres-2", restoreFrom={"archive": "postgres"})
    assert [daily_backup(each).name for each in (ARGS, restored)] == ["postgres-daily", "postgres-2-daily"]
    assert len(daily_backup(database_args(archive="a" * 63)).name) <= 63


def test_a_base_backup_is_made_at_once_and_each_day_when_its_window_begins() -> None:
    schedule = daily_backup(ARGS).spec
    assert (schedule["schedule"], schedule["immediate"], schedule["method"]) == ("0 30 3 * * *", True, "plugin")


def test_clients_come_to_the_pooler_by_certificate_alone() -> None:
    pgbouncer = pooler("rw", ARGS).spec["pgbouncer"]
    assert pgbouncer["parameters"]["client_tls_sslmode"] == "verify-ca"
    assert pgbouncer["pg_hba"] == [
        "hostssl platform orders_app 0.0.0.0/0 cert",
        "host all all 0.0.0.0/0 reject",
        "host all all ::/0 reject",
    ]
    # Either would end the operator's own way of signing in to the instances.
    assert {"serverTLSSecret", "authQuerySecret", "authQuery"}.isdisjoint(pgbouncer)


@pytest.mark.parametrize("replicas", [1, 2])
def test_the_pods_of_a_pooler_together_leave_connections_free(replicas: int) -> None:
    args = replace(ARGS, standby_replicas=replicas)
    most = int(pooler("rw", args).spec["pgbouncer"]["parameters"]["max_db_connections"])
    assert 0 < most * replicas <= args.limits.most * 0.9


def test_there_is_a_pooler_for_readers_where_there_is_a_standby() -> None:
    assert [list(roles(database_args(instances=count))) for count in (1, 2)] == [["rw"], ["rw", "ro"]]


def test_a_database_that_nobody_could_reach_is_refused() -> None:
    with pytest.raises(CloudNativePgError, match="must not be empty"):
        replace(ARGS, addresses=Addresses(kubernetes_api=("10.43.0.0/16",), webhook_callers=(), nodes=()))


def test_a_second_site_goes_on_replaying_what_the_first_archives_until_it_is_told_to_write() -> None:
    following = spec(database_args(archive="elsewhere", restoreFrom={"archive": "postgres", "follow": True}))
    (source,) = following["externalClusters"]
    assert following["replica"] == {"enabled": True, "source": source["name"]}
    assert source["plugin"]["parameters"]["serverName"] == "postgres"
    # It archives too, apart from what it follows.
    assert following["plugins"][0]["parameters"]["serverName"] == "elsewhere"
    promoted = spec(database_args(archive="elsewhere", restoreFrom={"archive": "postgres"}))
    assert promoted["replica"] == {"enabled": False, "source": source["name"]}
    assert "replica" not in spec(ARGS)


def test_the_cluster_and_all_that_the_operator_makes_of_it_say_what_a_loss_may_cost() -> None:
    declared = {"platform/rpo": "5m", "platform/rto": "10m"}
    assert declared.items() <= dict(cluster(ARGS).annotations).items()
    assert spec(ARGS)["inheritedMetadata"] == {"annotations": declared}
