"""What an application needs to sign in to the database is there, in every stack that has one."""

from __future__ import annotations

import pytest

from offline.engine import Run
from tests.components.recorded import of_type
from tests.runs import STACKS, run_of

CLIENT = "orders"


@pytest.fixture(params=STACKS)
def run(request: pytest.FixtureRequest) -> Run:
    return run_of(request.param)


def test_a_role_is_handed_to_its_service_account(run: Run) -> None:
    associations = of_type(run, "aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert [each.inputs["serviceAccount"] for each in associations if each.inputs["namespace"] == CLIENT] == [CLIENT]


def test_its_pods_reach_the_database_and_their_credentials(run: Run) -> None:
    policies = of_type(run, "kubernetes:networking.k8s.io/v1:NetworkPolicy")
    names = {each.inputs["metadata"]["name"] for each in policies if each.inputs["metadata"]["namespace"] == CLIENT}
    assert {"allow-to-database", "allow-aws-credentials"} <= names


def test_it_is_told_where_the_database_is(run: Run) -> None:
    maps = [each.inputs for each in of_type(run, "kubernetes:core/v1:ConfigMap")]
    (said,) = (each["data"] for each in maps if (each["metadata"]["namespace"], each["metadata"]["name"]) == (CLIENT, "database"))
    assert set(said) == {"PGHOST", "PGPORT", "PGDATABASE", "PGSSLMODE", "AWS_REGION"}
    assert said["PGSSLMODE"] == "verify-full"


def test_no_replica_is_asked_for_that_rds_would_refuse(run: Run) -> None:
    databases = of_type(run, "aws:rds/instance:Instance")
    assert all(each.inputs["manageMasterUserPassword"] is True for each in databases)
    assert not [each.urn for each in databases if "replicateSourceDb" in each.inputs]
