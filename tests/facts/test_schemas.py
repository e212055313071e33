from __future__ import annotations

import json
from typing import Any

import pytest

from facts.releases import KUBERNETES_RELEASES
from facts.schemas import extract as extraction
from facts.schemas.table import file_of, schemas_of

SWAGGER: dict[str, Any] = {
    "apps.Deployment": {
        "description": "…",
        "type": "object",
        "x-kubernetes-group-version-kind": [{"group": "apps", "version": "v1", "kind": "Deployment"}],
        "properties": {
            "spec": {"description": "…", "$ref": "#/definitions/apps.Spec"},
            "status": {"$ref": "#/definitions/apps.Status"},
        },
    },
    "apps.Spec": {"type": "object", "required": ["replicas"], "properties": {"replicas": {"type": "integer", "format": "int32"}}},
    "apps.Status": {"type": "object"},
    "core.Unused": {"type": "object"},
}


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(extraction, "KINDS", ("apps/v1:Deployment",))
    return extraction.extract(SWAGGER)


def test_an_extract_has_the_kinds_and_what_they_refer_to_without_descriptions(extracted: dict[str, Any]) -> None:
    assert extracted == {
        "kinds": {"apps/v1:Deployment": "apps.Deployment"},
        "definitions": {
            "apps.Deployment": {
                "type": "object",
                "properties": {"spec": {"$ref": "apps.Spec"}, "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
            },
            "apps.Spec": SWAGGER["apps.Spec"],
        },
    }


def test_a_file_holds_one_definition_a_line(extracted: dict[str, Any]) -> None:
    text = extraction.render(extracted)
    assert json.loads(text) == extracted
    assert sum("apps." in line and ": {" in line for line in text.splitlines()) == len(extracted["definitions"])


@pytest.mark.parametrize("release", KUBERNETES_RELEASES)
def test_the_files_are_as_the_extract_writes_them(release: str) -> None:
    schemas = schemas_of(release)
    file = file_of(release)
    assert file.read_text(encoding="utf-8") == extraction.render({"kinds": schemas.kinds, "definitions": schemas.definitions})
    references = {
        below["$ref"] for each in schemas.definitions.values() for below in each.get("properties", {}).values() if "$ref" in below
    }
    assert references <= schemas.definitions.keys()
