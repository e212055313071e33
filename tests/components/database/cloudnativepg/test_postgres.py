from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.database.cloudnativepg.footprint import footprint
from components.database.cloudnativepg.operator import ARCHIVER_LABELS, OPERATOR_LABELS
from components.database.cloudnativepg.poolers import POOLER_LABELS
from components.database.cloudnativepg.postgres import CloudNativePostgres, variables
from components.database.cloudnativepg.traffic import client_traffic, traffic
from tests.components.database.cloudnativepg.examples import ARGS, database_args
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

GIB = 2**30
RELEASE = "kubernetes:helm.sh/v3:Release"
CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"
CNPG = "kubernetes:postgresql.cnpg.io/v1"


def database(preview: Preview, args: CloudNativePostgresArgs = ARGS) -> Run:
    return preview(lambda: CloudNativePostgres("database", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return database(preview)


def cluster(run: Run) -> RecordedResource:
    return the(run, f"{CNPG}:Cluster", "database-cluster")


def test_operator_and_archiver_are_installed_in_this_order_at_exact_versions(run: Run) -> None:
    operator, archiver = of_type(run, RELEASE)
    assert (operator.inputs["chart"], operator.inputs["version"]) == ("cloudnative-pg", "0.29.0")
    assert (archiver.inputs["chart"], archiver.inputs["version"]) == ("plugin-barman-cloud", "0.7.0")
    assert operator.urn in archiver.dependencies


def test_the_operator_sees_its_own_namespace_alone(run: Run) -> None:
    operator, _ = of_type(run, RELEASE)
    assert operator.inputs["values"]["config"] == {"clusterWide": False}


def test_the_instances_start_once_archive_and_certificates_are_there(run: Run) -> None:
    needed = set(cluster(run).dependencies)
    assert the(run, "kubernetes:barmancloud.cnpg.io/v1:ObjectStore", "database-archive").urn in needed
    assert {each.urn for each in of_type(run, CERTIFICATE) if each.inputs["metadata"]["namespace"] == "database"} <= needed


def test_an_update_waits_for_as_long_as_every_instance_takes_to_be_copied(preview: Preview, run: Run) -> None:
    # 100 GiB at 50 MiB a second, an hour around it, three times.
    copied = 3 * (35 + 60) * 60
    assert option(cluster(run), "custom_timeouts") == {"create": 3600, "update": copied}
    restored = database(preview, database_args(archive="postgres-2", restoreFrom={"archive": "postgres"}))
    assert option(cluster(restored), "custom_timeouts") == {"create": copied, "update": copied}


def test_a_clients_certificate_is_in_its_own_namespace_in_the_name_of_its_user(run: Run) -> None:
    certificate = the(run, CERTIFICATE, "database-shop.orders-database-tls")
    assert certificate.inputs["spec"]["commonName"] == "orders_app"
    assert certificate.inputs["spec"]["usages"] == ["digital signature", "client auth"]


def test_the_servers_certificates_name_all_services_and_are_taken_up_when_renewed(run: Run) -> None:
    for name, service in {"server": "postgres-rw", "pooler": "postgres-pooler-rw"}.items():
        spec = the(run, CERTIFICATE, f"database-database.postgres-{name}-tls").inputs["spec"]
        assert f"{service}.database.svc" in spec["dnsNames"]
        assert spec["secretTemplate"] == {"labels": {"cnpg.io/reload": ""}}


@pytest.mark.parametrize("retain", [True, False])
def test_database_and_operator_are_protected_where_they_are_worth_keeping(preview: Preview, retain: bool) -> None:  # noqa: FBT001 # a parameter
    run = database(preview, replace(ARGS, retain=retain))
    kept = [cluster(run), the(run, f"{CNPG}:Database", "database-database"), *of_type(run, RELEASE)]
    assert {option(each, "protect") for each in kept} == {retain}


def test_backup_and_poolers_come_after_the_instances(run: Run) -> None:
    later = [*of_type(run, f"{CNPG}:Pooler"), *of_type(run, f"{CNPG}:ScheduledBackup"), *of_type(run, f"{CNPG}:Database")]
    assert len(later) == 4
    assert all(cluster(run).urn in each.dependencies for each in later)


def test_poolers_have_a_budget_where_there_are_two_of_them(preview: Preview) -> None:
    budget = "kubernetes:policy/v1:PodDisruptionBudget"
    assert len(of_type(database(preview), budget)) == 2
    assert of_type(database(preview, replace(ARGS, standby_replicas=1)), budget) == []


def test_instances_and_poolers_are_scraped_and_have_alerts_where_somebody_watches(preview: Preview) -> None:
    monitors, rules = ("kubernetes:monitoring.coreos.com/v1:PodMonitor", "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    watched = database(preview)
    assert (len(of_type(watched, monitors)), len(of_type(watched, rules))) == (2, 1)
    alone = database(preview, replace(ARGS, monitoring=None))
    assert (of_type(alone, monitors), of_type(alone, rules)) == ([], [])


def test_clients_are_told_where_poolers_and_certificates_are() -> None:
    told = variables(ARGS)
    assert (told["PGHOST"], told["PGHOST_READER"]) == ("postgres-pooler-rw.database.svc", "postgres-pooler-ro.database.svc")
    assert (told["PGSSLMODE"], told["PGSSLKEY"]) == ("verify-full", "/var/run/secrets/database/tls.key")
    assert "PGHOST_READER" not in variables(database_args(instances=1))


def test_clients_reach_the_poolers_and_nothing_else_of_the_namespace() -> None:
    given = {rule.name: rule for rule in traffic(ARGS)}
    assert [name for name in given if name.startswith("database-from-")] == ["database-from-shop"]
    assert given["database-from-shop"].pods == POOLER_LABELS
    (rule,) = client_traffic(ARGS)
    assert [port["port"] for port in rule.egress[0]["ports"]] == [5432]


def test_the_kubernetes_api_calls_the_operators_webhook_and_is_called_by_all_that_need_it() -> None:
    given = {rule.name: rule for rule in traffic(ARGS)}
    assert given["operator-webhooks"].pods == given["operator-api"].pods == OPERATOR_LABELS
    assert given["archiver-api"].pods == ARCHIVER_LABELS
    assert given["database-api"].pods == {"cnpg.io/cluster": "postgres"}


def test_there_is_room_for_one_more_instance_and_for_volumes_of_twice_the_size() -> None:
    needed = footprint(ARGS)
    assert needed.storage == 4 * 2 * (100 + 20) * GIB
    assert needed.claims == 4 * 2
    assert needed.cpu >= 4
    assert needed.pods >= 4 + 2 * 2 + 2 + 1
