from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from components.messaging.nats.definitions import DEFINITIONS as DEFINED
from components.messaging.nats.definitions import GROUP, VERSION
from components.messaging.nats.nats import Nats
from tests.components.messaging.nats.examples import ARGS
from tests.components.recorded import of_type, option, the
from tests.policies.rules.inputs import DEFINITIONS

if TYPE_CHECKING:
    from offline.engine import RecordedResource, Run
    from tests.components.recorded import Preview

DEFINITION = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"


@pytest.fixture
def run(preview: Preview) -> Run:
    return preview(lambda: Nats("nats", ARGS))


def defined(run: Run) -> dict[str, RecordedResource]:
    return {definition.inputs["metadata"]["name"]: definition for definition in of_type(run, DEFINITION)}


def test_the_definitions_are_resources_and_not_left_to_helm_which_would_never_upgrade_them(run: Run) -> None:
    controller = the(run, "kubernetes:helm.sh/v3:Release", "nats-controller")
    assert controller.inputs["skipCrds"] is True
    assert {definition.urn for definition in of_type(run, DEFINITION)} <= set(controller.dependencies)
    assert len(defined(run)) == len(DEFINED) == 5


def test_a_definition_is_protected_as_all_objects_of_its_kind_would_go_with_it(run: Run) -> None:
    assert all(option(definition, "protect") for definition in of_type(run, DEFINITION))


def test_whatever_is_declared_has_its_kind_defined(run: Run) -> None:
    kinds = {definition.inputs["spec"]["names"]["kind"] for definition in of_type(run, DEFINITION)}
    declared = {resource.inputs["kind"] for resource in run.resources if resource.type.startswith(f"kubernetes:{GROUP}/{VERSION}:")}
    assert declared == {"Stream", "Consumer"}
    assert declared <= kinds


def test_fields_are_left_to_the_controller(run: Run) -> None:
    for definition in of_type(run, DEFINITION):
        (version,) = definition.inputs["spec"]["versions"]
        schema = version["schema"]["openAPIV3Schema"]["properties"]
        assert all(part == {"type": "object", "x_kubernetes_preserve_unknown_fields": True} for part in schema.values())
        assert version["subresources"] == {"status": {}}


@pytest.mark.skipif(not DEFINITIONS.is_dir(), reason="no schemas of the controller's release at hand")
def test_names_scope_and_version_are_those_of_the_controllers_own_definitions(run: Run) -> None:
    for name, definition in defined(run).items():
        theirs = json.loads((DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))
        spec = definition.inputs["spec"]
        assert (theirs["group"], theirs["kind"], theirs["plural"], theirs["scope"]) == (
            spec["group"],
            spec["names"]["kind"],
            spec["names"]["plural"],
            spec["scope"],
        )
        assert VERSION in theirs["versions"]
    assert {path.name.removesuffix(".json") for path in DEFINITIONS.glob(f"*.{GROUP}.json")} == set(defined(run))
