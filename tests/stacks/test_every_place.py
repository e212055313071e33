"""What holds of every stack, wherever it stands: order, providers, and that nothing is secret."""

from __future__ import annotations

import json

import pytest

from offline.engine import Run
from offline.report import render_json
from tests.runs import EVERYWHERE, run_of
from tests.stacks.judging import find
from tests.stacks.ordering import behind, in_cluster, namespace_of

RELEASE = "kubernetes:helm.sh/v3:Release"
NAMESPACE = "kubernetes:core/v1:Namespace"


@pytest.fixture(params=EVERYWHERE)
def run(request: pytest.FixtureRequest) -> Run:
    return run_of(request.param)


def test_everything_in_a_namespace_waits_for_the_namespace(run: Run) -> None:
    namespaces = {each.inputs["metadata"]["name"]: each.urn for each in run.resources if each.type == NAMESPACE}
    inside = [(each, name) for each in in_cluster(run) if (name := namespace_of(each))]
    assert len(inside) > 50
    assert [each.urn for each, name in inside if namespaces[name] not in behind(run, each)] == []


def test_releases_wait_for_the_limits_and_network_policies_of_their_namespace(run: Run) -> None:
    for release in (each for each in run.resources if each.type == RELEASE):
        before = behind(run, release)
        namespace = next(
            each for each in run.resources if each.type == NAMESPACE and each.inputs["metadata"]["name"] == namespace_of(release)
        )
        assert {each.urn for each in run.resources if each.parent == namespace.parent} <= before


@pytest.mark.parametrize(
    ("group", "release"),
    [
        ("monitoring.coreos.com/", "monitoring-definitions-release"),
        ("cert-manager.io/", "certificates-release"),
        ("jetstream.nats.io/", "nats-controller"),
    ],
)
def test_custom_resources_wait_for_the_release_that_brings_their_definition(run: Run, group: str, release: str) -> None:
    urn = find(run.stack, RELEASE, release).urn
    custom = [each for each in run.resources if each.type.startswith(f"kubernetes:{group}")]
    assert custom
    assert [each.urn for each in custom if urn not in behind(run, each)] == []


def test_certificates_wait_for_the_issuer_that_signs_them(run: Run) -> None:
    issuer = find(run.stack, ":ClusterIssuer", "certificates-issuer").urn
    certificates = [each for each in run.resources if each.type.endswith(":Certificate") and each.name != "certificates-ca"]
    assert len(certificates) >= 5
    assert all(issuer in behind(run, each) for each in certificates)
    assert issuer in behind(run, find(run.stack, RELEASE, "metrics-release"))


def test_order_is_told_with_few_dependencies(run: Run) -> None:
    most = max((each for each in in_cluster(run)), key=lambda each: len(each.dependencies))
    assert len(most.dependencies) <= 20


def test_no_secret_is_in_the_document_for_machines_unmarked(run: Run) -> None:
    """Nothing of the platform is secret at preview: passwords and keys are made where they are used, and named by reference."""
    text = json.dumps(render_json(run))
    for word in ("-----BEGIN", "PRIVATE KEY", "hooks.slack.com", "AKIA"):
        assert word not in text
    for each in run.resources:
        assert not {"password", "masterPassword", "adminPassword"} & set(each.inputs)
