from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from components.security.certificates import CertManager, CertManagerArgs, authority, render_values
from facts.duration import parse_duration
from tests.components.recorded import of_type, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = CertManagerArgs(namespace="cert-manager", replicas=3, priority_class="platform-critical", monitored=True)
PARTS = ("webhook", "cainjector")


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: CertManager("certificates", ARGS))


def test_the_definitions_come_with_the_release_and_stay_when_it_goes() -> None:
    assert render_values(ARGS)["crds"] == {"enabled": True, "keep": True}


def test_each_part_runs_as_often_as_asked_with_a_budget_for_disruptions() -> None:
    values = render_values(ARGS)
    for part in (values, *(values[name] for name in PARTS)):
        assert part["replicaCount"] == 3
        assert part["podDisruptionBudget"] == {"enabled": True}


def test_a_single_replica_has_no_budget_that_would_stop_every_drain() -> None:
    values = render_values(replace(ARGS, replicas=1))
    assert all(part["podDisruptionBudget"] == {"enabled": False} for part in (values, *(values[name] for name in PARTS)))


def test_every_container_has_requests_and_a_memory_limit() -> None:
    values = render_values(ARGS)
    for part in (values, values["startupapicheck"], *(values[name] for name in PARTS)):
        assert set(part["resources"]["requests"]) == {"cpu", "memory"}
        assert part["resources"]["limits"]["memory"] == part["resources"]["requests"]["memory"]


def test_prometheus_scrapes_it() -> None:
    assert render_values(ARGS)["prometheus"] == {"enabled": True, "servicemonitor": {"enabled": True}}


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
