from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.database.flexible_server.sign_in import FlexibleSignIn, FlexibleSignInArgs, traffic
from components.database.model import DatabaseClient
from components.tenancy.traffic import policy_spec
from tests.components.database.flexible_server.settings import LOCATION
from tests.components.recorded import of_type

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

IDENTITY = "azure-native:managedidentity:UserAssignedIdentity"
CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential"


def sign_in(preview: Preview, *clients: DatabaseClient) -> Run:
    args = FlexibleSignInArgs(location=LOCATION, platform="plinth-azure-production", issuer="https://issuer.example.com/", clients=clients)
    return preview(lambda: FlexibleSignIn("sign-in", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return sign_in(
        preview,
        DatabaseClient(namespace="orders", service_account="api", user="orders_api"),
        DatabaseClient(namespace="orders", service_account="worker", user="orders_worker"),
    )


def test_each_service_account_has_an_identity_of_its_own(run: Run) -> None:
    assert len({identity.inputs["resourceName"] for identity in of_type(run, IDENTITY)}) == 2
    assert [credential.inputs["subject"] for credential in of_type(run, CREDENTIAL)] == [
        "system:serviceaccount:orders:api",
        "system:serviceaccount:orders:worker",
    ]
    assert all(credential.inputs["issuer"] == "https://issuer.example.com/" for credential in of_type(run, CREDENTIAL))


def test_an_identity_has_no_right_in_azure(run: Run) -> None:
    assert not of_type(run, "azure-native:authorization:RoleAssignment")


def test_names_stay_apart_and_within_what_azure_allows(preview: Preview) -> None:
    run = sign_in(
        preview,
        DatabaseClient(namespace="a-b", service_account="c", user="one"),
        DatabaseClient(namespace="a", service_account="b-c", user="two"),
        DatabaseClient(namespace="n" * 63, service_account="s" * 63, user="three"),
    )
    names = [identity.inputs["resourceName"] for identity in of_type(run, IDENTITY)]
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 128


def test_a_client_calls_the_pooler_or_the_database_and_entra_but_no_address_of_its_node() -> None:
    database, entra = (policy_spec(rule)["egress"] for rule in traffic(["10.30.192.0/24"]))
    ports = [{"protocol": "TCP", "port": port} for port in (6432, 5432)]
    assert database == [{"to": [{"ipBlock": {"cidr": "10.30.192.0/24"}}], "ports": ports}]
    assert entra == [
        {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}], "ports": [{"protocol": "TCP", "port": 443}]}
    ]
