"""A stack on a cluster that exists: what its settings refuse, and what is built."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from facts.namespaces import DATABASE
from offline.engine import Run, run_program
from policies.analyzer import Analyzer
from stacks.loading import load_settings
from stacks.merge import merge
from stacks.settings.existing import ExistingStack
from tests.components.cluster.existing.test_model import SETTINGS as CLUSTER
from tests.components.recorded import of_type
from tests.runs import run_of
from tests.stacks.examples import RABBITMQ, as_config, complaints
from tests.stacks.judging import find
from tests.stacks.ordering import behind
from tests.tools import ROOT

GOOD: Mapping[str, Any] = {
    "environment": "production",
    "team": "platform_team",
    "existing": {
        "context": "datacentre",
        "objectStore": {
            "endpoint": "https://s3.example.com:8443",
            "bucket": "platform-backups",
            "cidrs": ["198.51.100.0/24"],
            "secret": "backups",
        },
    },
    "cluster": CLUSTER,
    "namespaces": {"orders": {"database": True}},
    "observability": {"runbookBaseUrl": "https://runbooks.example.com"},
}
"""Deviations of a production stack on a cluster that exists, complete and no more."""
POSTGRES = {"host": "postgres.example.com", "name": "platform", "cidrs": ["198.51.100.7/32"], "secret": "orders-postgres"}


def load(deviations: Mapping[str, Any]) -> ExistingStack:
    settings = load_settings(as_config(merge(GOOD, deviations)))
    assert isinstance(settings, ExistingStack)
    return settings


@pytest.mark.parametrize(
    ("deviations", "path", "problem"),
    [
        ({"existing": {"objectStore": None}}, "plinth:database", "nowhere to archive"),
        ({"existing": {"minio": {"storage": "10Gi"}}}, "plinth:existing.minio", "remove one of the two"),
        ({"existing": {"objectStore": None, "minio": {"storage": "10Gi"}}}, "plinth:existing.minio", "a bucket elsewhere"),
        ({"existing": {"postgres": POSTGRES}}, "plinth:database", "is the database already"),
        ({"database": {"instances": 4}}, "plinth:database.instances", "4 need a node each"),
        ({"nats": {"servers": 5}}, "plinth:nats.servers", "5 need a node each"),
        ({"rabbitmq": {**RABBITMQ, "nodes": 5}}, "plinth:rabbitmq.nodes", "5 need a node each"),
        (
            {"environment": "staging", "rabbitmq": RABBITMQ, "cluster": {"zones": []}},
            "plinth:rabbitmq.nodes",
            "label the nodes with topology.kubernetes.io/zone",
        ),
        ({"environment": "staging", "cluster": {"zones": []}}, "plinth:nats.servers", "label the nodes with topology.kubernetes.io/zone"),
        (
            {"environment": "staging", "existing": {"objectStore": None, "minio": {"storage": "10Gi"}}},
            "plinth:backups",
            "set plinth:existing.objectStore, or plinth:backups to null",
        ),
        (
            {"environment": "dev", "cluster": {"snapshotClass": None}, "backups": {"recovery": {"rpo": "1d", "rto": "8h"}, "every": "12h"}},
            "plinth:backups",
            "set plinth:cluster.snapshotClass, or plinth:backups to null",
        ),
        ({"existing": {"context": "my cluster"}}, "plinth:existing.context", "without spaces"),
        ({"existing": {"objectStore": {"bucket": "Backups"}}}, "plinth:existing.objectStore.bucket", "a bucket's name"),
        ({"network": {"cidr": "10.0.0.0/16"}}, "plinth:network", "unknown key"),
    ],
)
def test_settings_that_the_cluster_could_not_hold_are_refused(deviations: Mapping[str, Any], path: str, problem: str) -> None:
    assert problem in complaints(merge(GOOD, deviations))[path]


def test_a_managed_broker_of_a_cloud_is_refused_where_there_is_no_cloud() -> None:
    managed = {"rabbitmq": {"kind": "amazon-mq", "recovery": {"rpo": "0s", "rto": "5m"}, "instanceType": "mq.m7g.large"}}
    found = complaints(merge(GOOD, managed))
    assert found == {"plinth:rabbitmq.kind": "amazon-mq is not to be had in the place of the stack; allowed is operator"}


def test_more_replicas_of_prometheus_than_nodes_are_refused() -> None:
    small = {"environment": "dev", "cluster": {"nodes": 1, "zones": []}, "observability": {"replicas": 2}}
    assert "need a node each" in complaints(merge(GOOD, small))["plinth:observability.replicas"]


def test_a_single_node_holds_a_development_stack() -> None:
    one = load({"environment": "dev", "cluster": {"nodes": 1, "zones": []}})
    assert (one.database is not None, one.nats is not None) == (True, True)


def test_a_database_in_the_cluster_needs_certificates_even_alone() -> None:
    alone = {**GOOD, "nats": None, "observability": None}
    assert load_settings(as_config(alone)).needs_certificates
    assert not load_settings(as_config({**alone, "database": None, "namespaces": {}})).needs_certificates


def test_a_database_elsewhere_is_reached_and_verified() -> None:
    from stacks.clouds.existing import database_elsewhere  # noqa: PLC0415 # with the SDK of Kubernetes

    postgres = load({"database": None, "existing": {"postgres": POSTGRES}}).existing.postgres
    assert postgres is not None
    managed = database_elsewhere(postgres)
    assert (managed.variables["PGHOST"], managed.variables["PGSSLMODE"]) == ("postgres.example.com", "verify-full")
    (rule,) = managed.traffic
    assert rule.egress == [{"to": [{"ipBlock": {"cidr": "198.51.100.7/32"}}], "ports": [{"protocol": "TCP", "port": 5432}]}]


def test_a_bucket_elsewhere_is_reached_at_the_port_of_its_address() -> None:
    from stacks.clouds.existing import bucket_elsewhere  # noqa: PLC0415 # likewise

    store = load({}).existing.object_store
    assert store is not None
    bucket = bucket_elsewhere(store)
    assert bucket.credentials is not None
    assert (bucket.credentials.secret, bucket.credentials.access_key, bucket.authority_secret) == ("backups", "ACCESS_KEY_ID", None)
    (rule,) = bucket.traffic
    assert rule.egress[0]["ports"] == [{"protocol": "TCP", "port": 8443}]


@pytest.mark.parametrize("known", [True, False])
def test_cilium_may_know_neither_nodes_nor_the_api_server_by_address(known: bool) -> None:  # noqa: FBT001 # a parameter
    from stacks.clouds.existing import addresses_of  # noqa: PLC0415 # likewise

    addresses = addresses_of(load({"cluster": {"nodesByAddress": known}}))
    assert (addresses.nodes_by_address, addresses.api_by_address) == (known, known)


def test_the_cluster_is_named_by_its_context_alone() -> None:
    provider = find("homelab", "pulumi:providers:kubernetes", "kubernetes")
    assert provider.inputs["context"] == "homelab"
    assert "kubeconfig" not in provider.inputs


def test_everything_is_in_the_cluster_and_of_no_cloud() -> None:
    kinds = {each.type.partition(":")[0] for each in run_of("homelab").resources}
    assert kinds == {"kubernetes", "plinth", "pulumi"}


def test_the_volumes_are_of_the_class_that_the_settings_name() -> None:
    run = run_of("homelab")
    cluster = find("homelab", ":Cluster", "database-cluster")
    assert cluster.inputs["spec"]["storage"]["storageClass"] == "longhorn-retain"
    assert of_type(run, "kubernetes:storage.k8s.io/v1:StorageClass") == []


def test_the_database_begins_once_its_bucket_is_there() -> None:
    run = run_of("homelab")
    assert find("homelab", ":Job", "minio-bucket").urn in behind(run, find("homelab", ":Cluster", "database-cluster"))


def test_a_client_is_told_where_the_pooler_is_and_gets_a_certificate() -> None:
    told = find("homelab", ":ConfigMap", "database-connections-orders").inputs["data"]
    assert told["PGHOST"] == f"postgres-pooler-rw.{DATABASE}.svc"
    assert find("homelab", ":ConfigMap", "database-connections-orders.api").inputs["data"] == {"PGUSER": "orders_api"}
    certificate = find("homelab", ":Certificate", "database-orders.api-database-tls")
    assert certificate.inputs["spec"]["commonName"] == "orders_api"


def test_the_api_is_called_at_the_port_of_its_servers() -> None:
    policy = find("homelab", ":NetworkPolicy", "database-allow-operator-api")
    assert [port["port"] for port in policy.inputs["spec"]["egress"][0]["ports"]] == [443, 6443]


def judged(deviations: Mapping[str, Any]) -> Run:
    config = {"pulumi:disable-default-providers": '["*"]', **as_config(merge(GOOD, deviations))}
    return run_program(ROOT / "__main__.py", stack="datacentre", project="plinth", config=config, pack=Analyzer())


def test_production_passes_the_pack_and_protects_what_it_keeps() -> None:
    run = judged({})
    assert list(run.diagnostics) == []
    kept = {each.name for each in run.resources if each.options.get("protect")}
    assert {"database-cluster", "database-database", "database-operator", "nats-servers"} <= kept
    assert [each.urn for each in run.resources if each.type.endswith(":Job")] == []


def test_a_development_stack_passes_the_pack_with_a_minio_of_the_platform() -> None:
    run = judged({"environment": "dev", "existing": {"objectStore": None, "minio": {"storage": "100Gi"}}})
    assert list(run.diagnostics) == []
    assert [each.name for each in run.resources if each.type.endswith(":Job")] == ["minio-bucket"]


def test_the_database_is_backed_up_by_its_archive_and_all_other_volumes_by_velero() -> None:
    run = judged({})
    (frequent,) = (each for each in run.resources if each.type.endswith(":Schedule") and each.inputs["metadata"]["name"] == "frequent")
    (database,) = (each for each in run.resources if each.name == "database-namespace")
    assert "messaging" in frequent.inputs["spec"]["template"]["includedNamespaces"]
    assert "database" not in frequent.inputs["spec"]["template"]["includedNamespaces"]
    assert database.inputs["metadata"]["annotations"] == {"platform/rpo-method": "pitr"}


def test_a_stack_that_is_taken_down_lets_go_of_everything() -> None:
    run = judged({"teardown": True})
    assert [each.urn for each in run.resources if each.options.get("protect")] == []


def test_a_database_elsewhere_brings_no_operator_and_says_where_it_is() -> None:
    run = judged({"database": None, "existing": {"postgres": POSTGRES}})
    assert list(run.diagnostics) == []
    assert [each.urn for each in run.resources if "cnpg" in each.type] == []
    assert run.outputs["databaseEndpoint"] == "postgres.example.com:5432"
    assert run.outputs["databaseSecret"] == "orders-postgres"
