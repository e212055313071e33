from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.aws import AwsLocation
from components.database.model import DatabaseClient
from components.database.rds.sign_in import RdsSignIn, RdsSignInArgs, traffic
from components.tenancy.traffic import policy_spec
from tests.components.recorded import document, of_type

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ARGS = RdsSignInArgs(
    location=AwsLocation(region="eu-west-1", account_id="111122223333"),
    cluster_name="plinth-production",
    resource_ids=["db-ABC", "prx-DEF"],
    clients=[
        DatabaseClient(namespace="orders", service_account="api", user="orders_api"),
        DatabaseClient(namespace="orders", service_account="worker", user="orders_worker"),
    ],
)


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: RdsSignIn("sign-in", ARGS))


def test_each_service_account_connects_as_its_own_user_and_as_no_other(run: Run) -> None:
    statements = [document(policy, "policy")["Statement"] for policy in of_type(run, POLICY)]
    assert statements == [
        [
            {
                "Effect": "Allow",
                "Action": "rds-db:connect",
                "Resource": [f"arn:aws:rds-db:eu-west-1:111122223333:dbuser:{where}/orders_{account}" for where in ("db-ABC", "prx-DEF")],
            }
        ]
        for account in ("api", "worker")
    ]


def test_the_role_goes_to_the_pods_of_that_service_account_alone(run: Run) -> None:
    trusted = [document(role, "assumeRolePolicy")["Statement"][0] for role in of_type(run, ROLE)]
    assert [trust["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-service-account"] for trust in trusted] == ["api", "worker"]
    assert all(trust["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-namespace"] == "orders" for trust in trusted)
    associations = of_type(run, ASSOCIATION)
    assert [(each.inputs["namespace"], each.inputs["serviceAccount"]) for each in associations] == [("orders", "api"), ("orders", "worker")]
    # Pods that start before the right is there would be refused until they start again.
    for association, policy in zip(associations, of_type(run, POLICY), strict=True):
        assert policy.urn in association.dependencies


def test_names_of_roles_stay_within_what_iam_allows_however_long_those_of_service_accounts_are(preview: Preview) -> None:
    client = DatabaseClient(namespace="n" * 63, service_account="s" * 63, user="orders")
    args = RdsSignInArgs(location=ARGS.location, cluster_name="plinth-production", resource_ids=["db-ABC", "prx-DEF"], clients=[client])
    (role,) = of_type(preview(lambda: RdsSignIn("sign-in", args)), ROLE)
    assert len(role.inputs["namePrefix"]) == 38


def test_a_client_calls_the_database_and_the_agent_of_its_node_and_no_other_address_of_aws() -> None:
    database, agent = (policy_spec(rule)["egress"] for rule in traffic(["10.20.192.0/22"]))
    assert database == [{"to": [{"ipBlock": {"cidr": "10.20.192.0/22"}}], "ports": [{"protocol": "TCP", "port": 5432}]}]
    assert agent == [{"to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}], "ports": [{"protocol": "TCP", "port": 80}]}]
