from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from components.foundation import Addresses
from components.observability.monitoring import Monitoring
from components.security.certificates import CertManager, CertManagerArgs, authority, footprint, render_values, traffic
from facts.duration import parse_duration
from facts.quantity import parse_quantity
from tests.components.recorded import of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = CertManagerArgs(
    namespace="cert-manager",
    replicas=3,
    priority_class="platform-critical",
    addresses=Addresses(kubernetes_api=("172.20.0.1/32",), webhook_callers=("10.20.252.0/23",), nodes=("10.20.0.0/17",)),
    monitoring=Monitoring(namespace="observability", runbook_base_url="https://runbooks.example.com"),
)
PARTS = ("webhook", "cainjector")
BUDGET = {"minAvailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: CertManager("certificates", ARGS))


def test_the_definitions_come_with_the_release_and_stay_when_it_goes() -> None:
    assert render_values(ARGS)["crds"] == {"enabled": True, "keep": True}


def test_each_part_runs_as_often_as_asked_with_a_budget_for_disruptions() -> None:
    values = render_values(ARGS)
    for part in (values, *(values[name] for name in PARTS)):
        assert part["replicaCount"] == 3
        assert part["podDisruptionBudget"] == {"enabled": True, **BUDGET}


def test_a_single_replica_has_no_budget_that_would_stop_every_drain() -> None:
    values = render_values(replace(ARGS, replicas=1))
    assert all(part["podDisruptionBudget"] == {"enabled": False, **BUDGET} for part in (values, *(values[name] for name in PARTS)))


def test_every_container_has_requests_and_a_memory_limit() -> None:
    values = render_values(ARGS)
    for part in (values, values["startupapicheck"], *(values[name] for name in PARTS)):
        assert set(part["resources"]["requests"]) == {"cpu", "memory"}
        assert part["resources"]["limits"]["memory"] == part["resources"]["requests"]["memory"]


def test_prometheus_scrapes_it_where_there_is_one() -> None:
    assert render_values(ARGS)["prometheus"] == {"enabled": True, "servicemonitor": {"enabled": True}}
    assert "scrape" in {rule.name for rule in traffic(ARGS)}
    alone = replace(ARGS, monitoring=None)
    assert render_values(alone)["prometheus"] == {"enabled": True, "servicemonitor": {"enabled": False}}
    assert "scrape" not in {rule.name for rule in traffic(alone)}


def test_the_control_plane_alone_calls_the_webhook_and_no_other_pod() -> None:
    (rule,) = (rule for rule in traffic(ARGS) if rule.name == "webhooks")
    assert rule.pods == {"app.kubernetes.io/instance": "cert-manager", "app.kubernetes.io/component": "webhook"}
    assert rule.ingress == [{"from": [{"ipBlock": {"cidr": "10.20.252.0/23"}}], "ports": [{"protocol": "TCP", "port": 10250}]}]


def test_images_come_from_the_registry_that_is_asked_for() -> None:
    assert "imageRegistry" not in render_values(ARGS)
    assert render_values(replace(ARGS, image_registry="registry.example.com/mirror"))["imageRegistry"] == "registry.example.com/mirror"


@pytest.mark.parametrize("replicas", [1, 2, 3])
def test_every_pod_has_room_to_be_replaced_while_the_installation_is_checked(replicas: int) -> None:
    args = replace(ARGS, replicas=replicas)
    values = render_values(args)
    needed = {"cpu": Decimal(0), "memory": Decimal(0)}
    for part, count in ((values["startupapicheck"], 2), *((part, 2 * replicas) for part in (values, *(values[name] for name in PARTS)))):
        for what in needed:
            needed[what] += parse_quantity(part["resources"]["requests"][what]) * count
    held = footprint(args)
    assert {"cpu": held.cpu, "memory": Decimal(held.memory)} == needed
    assert held.pods == 6 * replicas + 2


def test_the_release_is_pinned_and_in_its_namespace(run: Run) -> None:
    inputs = the(run, "kubernetes:helm.sh/v3:Release", "certificates-release").inputs
    assert inputs["namespace"] == "cert-manager"
    assert inputs["version"] == "v1.21.1"


def test_a_self_signed_certificate_becomes_the_authority_in_this_order(run: Run) -> None:
    issuer = "kubernetes:cert-manager.io/v1:ClusterIssuer"
    bootstrap = the(run, issuer, "certificates-bootstrap-issuer")
    root = the(run, "kubernetes:cert-manager.io/v1:Certificate", "certificates-ca")
    signer = the(run, issuer, "certificates-issuer")
    (release,) = of_type(run, "kubernetes:helm.sh/v3:Release")
    assert release.urn in bootstrap.dependencies
    assert bootstrap.urn in root.dependencies
    assert root.urn in signer.dependencies
    assert root.inputs["spec"]["issuerRef"]["name"] == bootstrap.inputs["metadata"]["name"]
    assert root.inputs["metadata"]["namespace"] == "cert-manager"
    assert signer.inputs["spec"] == {"ca": {"secretName": root.inputs["spec"]["secretName"]}}
    assert signer.inputs["metadata"]["name"] == "plinth-ca"


def test_the_authority_is_renewed_long_before_its_end_and_keeps_its_key() -> None:
    spec = authority("cert-manager")["ca"].spec
    assert spec["isCA"] is True
    assert parse_duration(spec["renewBefore"]) >= timedelta(hours=360)
    assert parse_duration(spec["duration"]) > parse_duration(spec["renewBefore"])
    assert spec["privateKey"]["rotationPolicy"] == "Never"
