from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pytest

from offline.engine import Run
from policies.values import UNKNOWN, Secret
from rehearsal import objects
from rehearsal.charts import ChartRelease, ChartSource
from rehearsal.objects import declared_objects, without_unknowns


class Object(pulumi.CustomResource):
    """An object or release declared without the SDK."""

    def __init__(self, token: str, urn_name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__(f"kubernetes:{token}", urn_name, inputs, opts)


def program() -> None:
    definition = Object(
        "apiextensions.k8s.io/v1:CustomResourceDefinition",
        "definition",
        metadata={"name": "things.example.com"},
        spec={
            "group": "example.com",
            "names": {"kind": "Thing", "plural": "things"},
            "scope": "Namespaced",
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": {"type": "object", "x_kubernetes_preserve_unknown_fields": True}},
                }
            ],
        },
    )
    release = Object(
        "helm.sh/v3:Release",
        "release",
        pulumi.ResourceOptions(depends_on=[definition]),
        name="shop",
        namespace="shop",
        chart="shop",
        version="1.0.0",
        repositoryOpts={"repo": "https://charts.example"},
        values={"role": None},
    )
    Object("example.com/v1:Thing", "thing", pulumi.ResourceOptions(depends_on=[release]), metadata={"name": "thing", "namespace": "shop"})


@pytest.fixture
def declared(preview: Callable[..., Run], monkeypatch: pytest.MonkeyPatch) -> tuple[list[objects.DeclaredObject], dict[str, Any]]:
    asked: dict[str, Any] = {}

    def render(release: ChartRelease, where: list[str], **options: Any) -> list[dict[str, Any]]:
        asked.update(options, release=release, where=where)
        monitored = {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "metadata": {"name": "main"}, "spec": {}}
        return [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop", "namespace": "elsewhere"}}, monitored]

    monkeypatch.setattr(objects, "render_release", render)
    return declared_objects(preview(program), ChartSource(""), helm=Path("helm"), kubernetes="1.36", say=lambda _: None), asked


def test_objects_come_after_what_they_depend_on(declared: tuple[list[objects.DeclaredObject], dict[str, Any]]) -> None:
    assert [each.manifest["kind"] for each in declared[0]] == ["CustomResourceDefinition", "Service", "Prometheus", "StatefulSet", "Thing"]


def test_what_a_program_declares_is_read_strictly_and_what_a_chart_holds_as_helm_does(
    declared: tuple[list[objects.DeclaredObject], dict[str, Any]],
) -> None:
    assert [each.strict for each in declared[0]] == [True, False, False, False, True]
    assert [each.simulated for each in declared[0]] == [False, False, False, True, False]


def test_a_chart_puts_objects_into_its_own_namespace_unless_they_say_another(
    declared: tuple[list[objects.DeclaredObject], dict[str, Any]],
) -> None:
    assert [each.manifest["metadata"]["namespace"] for each in declared[0][1:3]] == ["elsewhere", "shop"]


def test_a_chart_sees_the_definitions_that_came_before_it(declared: tuple[list[objects.DeclaredObject], dict[str, Any]]) -> None:
    assert declared[1]["api_versions"] == ["example.com/v1", "example.com/v1/Thing"]
    assert declared[1]["release"].chart_name == "shop"


def test_definitions_are_in_the_words_of_the_api(declared: tuple[list[objects.DeclaredObject], dict[str, Any]]) -> None:
    (version,) = declared[0][0].manifest["spec"]["versions"]
    assert version["schema"]["openAPIV3Schema"]["x-kubernetes-preserve-unknown-fields"] is True


def test_a_text_stands_for_what_is_unknown_until_the_update() -> None:
    assert without_unknowns({"a": [UNKNOWN, 1], "b": Secret({"c": "d"})}) == {"a": ["unknown", 1], "b": {"c": "d"}}
