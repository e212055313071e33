from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi

from components.database.connections import DatabaseConnections, DatabaseConnectionsArgs
from components.database.model import DatabaseClient
from components.tenancy.priorities import CRITICAL, PriorityClasses
from tests.components.recorded import of_type

if TYPE_CHECKING:
    from tests.components.recorded import Preview

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def test_each_client_is_told_once_its_namespace_is_there_where_the_database_is(preview: Preview) -> None:
    def program() -> None:
        gate: pulumi.Resource = PriorityClasses("gate").classes[CRITICAL]
        args = DatabaseConnectionsArgs(
            variables={"PGHOST": "db.example.com", "PGPORT": "5432"}, own_variables={}, namespaces={"orders": gate}
        )
        DatabaseConnections("connections", args)

    run = preview(program)
    (said,) = of_type(run, CONFIG_MAP)
    assert said.inputs["metadata"]["name"] == "database"
    assert said.inputs["metadata"]["namespace"] == "orders"
    assert said.inputs["data"] == {"PGHOST": "db.example.com", "PGPORT": "5432"}
    assert any(urn.endswith(f"gate-{CRITICAL}") for urn in said.dependencies)


def test_a_client_is_told_alone_what_only_it_has(preview: Preview) -> None:
    own = {DatabaseClient(namespace="orders", service_account="api", user="orders_api"): {"AZURE_CLIENT_ID": "client-1"}}

    def program() -> None:
        gate: pulumi.Resource = PriorityClasses("gate").classes[CRITICAL]
        args = DatabaseConnectionsArgs(variables={"PGHOST": "db"}, own_variables=own, namespaces={"orders": gate, "billing": gate})
        DatabaseConnections("connections", args)

    said = {
        (each.inputs["metadata"]["namespace"], each.inputs["metadata"]["name"]): each.inputs["data"]
        for each in of_type(preview(program), CONFIG_MAP)
    }
    assert said == {
        ("orders", "database"): {"PGHOST": "db"},
        ("orders", "database-api"): {"AZURE_CLIENT_ID": "client-1"},
        ("billing", "database"): {"PGHOST": "db"},
    }
