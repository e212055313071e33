from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from components.observability.azure_monitor.exporter import (
    AzureMetrics,
    AzureMetricsExporter,
    AzureMetricsExporterArgs,
    footprint,
    render_values,
    traffic,
)
from tests.components.database.flexible_server.settings import LOCATION
from tests.components.recorded import of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

SERVER = LOCATION.resource_id("Microsoft.DBforPostgreSQL/flexibleServers", "plinth-abc123")
ARGS = AzureMetricsExporterArgs(
    location=LOCATION,
    identity="plinth-azure-production-metrics",
    issuer="https://issuer.example.com/",
    namespace="observability",
    priority_class="platform",
    wanted=[AzureMetrics(name="database", resource_id=SERVER, metrics=["active_connections"], aggregations=["maximum"])],
)
VALUES = render_values(ARGS, "client-1")


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: AzureMetricsExporter("exporter", ARGS))


def test_it_is_asked_every_minute_for_exactly_what_is_wanted_of_that_resource() -> None:
    probes = VALUES["prometheus"]["metricProbes"]
    assert probes["interval"] == "60s"
    assert probes["params"]["subscription"] == [LOCATION.subscription_id]
    assert probes["params"]["template"] == ["{name}_{metric}_{aggregation}"]
    assert probes["probes"] == [
        {"name": "database", "params": {"target": [SERVER], "metric": ["active_connections"], "aggregation": ["maximum"]}}
    ]


def test_its_identity_reads_metrics_of_that_resource_alone(run: Run) -> None:
    (right,) = of_type(run, "azure-native:authorization:RoleAssignment")
    assert right.inputs["scope"] == SERVER
    assert right.inputs["roleDefinitionId"].endswith("/43d0d8ad-25c7-4714-9337-8ba259a9fe05")
    credential = the(
        run, "azure-native:managedidentity:FederatedIdentityCredential", "exporter-identity-observability.azure-metrics-exporter"
    )
    assert credential.inputs["subject"] == f"system:serviceaccount:observability:{VALUES['serviceAccount']['name']}"


def test_its_pod_signs_in_as_that_identity(run: Run) -> None:
    assert VALUES["serviceAccount"]["annotations"] == {"azure.workload.identity/client-id": "client-1"}
    assert VALUES["podLabels"] == {"azure.workload.identity/use": "true"}
    (release,) = of_type(run, "kubernetes:helm.sh/v3:Release")
    (identity,) = of_type(run, "azure-native:managedidentity:UserAssignedIdentity")
    assert identity.urn in release.dependencies


def test_it_runs_restricted_with_limits() -> None:
    assert VALUES["securityContext"]["runAsNonRoot"] is True
    assert VALUES["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert VALUES["containerSecurityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert VALUES["resources"]["limits"]["memory"]


def test_it_reaches_names_and_azure_and_is_reached_by_prometheus_and_the_chart_opens_no_other_way() -> None:
    mine = {"app.kubernetes.io/name": "azure-metrics-exporter"}
    assert {rule.name: rule.pods for rule in traffic(ARGS)} == dict.fromkeys(
        [f"azure-metrics-exporter-{way}" for way in ("dns", "scrape", "azure-apis")], mine
    )
    assert VALUES["netpol"] == {"enabled": False}


def test_there_is_room_for_its_pod_and_for_the_successor() -> None:
    assert footprint(ARGS).pods == 2


def test_its_image_comes_from_the_registry_that_is_named() -> None:
    assert VALUES["image"] == {"registry": "quay.io"}
    assert render_values(replace(ARGS, image_registry="registry.example.com"), "client-1")["image"] == {"registry": "registry.example.com"}
