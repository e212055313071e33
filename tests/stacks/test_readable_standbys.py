"""A production stack whose applications read from the database's standbys."""

from __future__ import annotations

import json
import re

import pytest

from offline.engine import Run, run_program
from policies.analyzer import Analyzer
from stacks.merge import merge
from tests.components.recorded import of_type, option, the
from tests.runs import config_of, run_of
from tests.stacks.examples import GOOD, complaints
from tests.tools import ROOT

READABLE = {"readableStandbys": True, "instanceClass": "db.m6gd.large", "maxStorage": None}


@pytest.fixture(scope="module")
def run() -> Run:
    config = config_of("production")
    database = {**json.loads(config.values["plinth:database"]), **READABLE}
    return run_program(
        ROOT / "__main__.py",
        stack="production",
        project=config.project,
        config={**config.values, "plinth:database": json.dumps(database)},
        secret_keys=config.secret_keys,
        pack=Analyzer(),
    )


def test_the_pack_misses_the_second_region_alone(run: Run) -> None:
    """RDS copies nothing of a Multi-AZ DB cluster: in production whoever takes one needs a waiver, and dumps of its own."""
    said = {diagnostic.policy for diagnostic in run.diagnostics} - {diagnostic.policy for diagnostic in run_of("production").diagnostics}
    assert said == {"postgres-has-a-copy-in-another-region"}
    assert of_type(run, "aws:rds/cluster:Cluster")


def test_whoever_needs_it_is_told_where_to_read(run: Run) -> None:
    assert "databaseReaderEndpoint" in run.outputs
    maps = [each.inputs for each in of_type(run, "kubernetes:core/v1:ConfigMap")]
    (said,) = (each["data"] for each in maps if each["metadata"]["namespace"] == "orders" and "PGHOST" in each["data"])
    assert "PGHOST_READER" in said


def test_applications_sign_in_to_the_cluster_by_its_own_id(run: Run) -> None:
    cluster = the(run, "aws:rds/cluster:Cluster", "database-cluster")
    policy = the(run, "aws:iam/rolePolicy:RolePolicy", "database-clients-orders.orders-policy")
    assert cluster.urn in policy.dependencies


def test_its_metrics_are_fetched_instance_by_instance(run: Run) -> None:
    rule = json.dumps(the(run, "kubernetes:monitoring.coreos.com/v1:PrometheusRule", "database-alerts-rule").inputs)
    assert "DatabaseReplicaLagHigh" in rule
    assert "plinth-production-instance-3" in rule


def test_the_runbook_lets_go_of_whatever_is_protected_and_has_to_go(run: Run) -> None:
    page = (ROOT / "runbooks" / "database-readable-standbys.md").read_text(encoding="utf-8")
    (let_go,) = re.findall(r'test\("(.+?)"\)', page)
    stays = {each.urn for each in run.resources}
    going = [each.urn for each in run_of("production").resources if option(each, "protect") and each.urn not in stays]
    assert {urn.rpartition("::")[2] for urn in going} == {"database-instance", "database-copies-key"}
    assert [urn for urn in going if not re.search(let_go, urn)] == []


def test_readable_standbys_need_three_zones() -> None:
    two_zones = {
        "environment": "staging",
        "network": {"zones": ["eu-west-1a", "eu-west-1b"], "controlPlaneZones": 2},
        "database": READABLE,
    }
    found = complaints(merge(GOOD, two_zones))
    assert found["plinth:database.readableStandbys"] == "needs 3 zones in plinth:network; there are eu-west-1a, eu-west-1b"
