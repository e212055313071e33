"""Every Kubernetes object of every stack is what the API server of the stack's release takes: known fields, required ones, right types."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from facts.releases import KUBERNETES_RELEASES
from facts.schemas.extract import KINDS
from facts.schemas.table import schemas_of
from offline.manifests import is_object, is_undecided, manifest_of
from offline.properties import revealed
from offline.recording import RecordedResource
from offline.schemas import find_misfits, refused_fields, release_of
from tests.policies.rules.inputs import DEFINITIONS
from tests.runs import PRODUCT, config_of, run_of
from tests.tools import ROOT

EVERY_STACK = [
    pytest.param(project, path.name.removeprefix("Pulumi.").removesuffix(".yaml"), id=f"{path.parent.name}-{path.name}")
    for project, folder in ((PRODUCT, PRODUCT), (ROOT, ROOT / "stacks"))
    for path in sorted(folder.glob("Pulumi.*.yaml"))
]


def objects(project: Path, stack: str) -> list[RecordedResource]:
    return [resource for resource in run_of(stack, project).resources if is_object(resource)]


@cache
def definition(group: str, kind: str) -> Mapping[str, Any] | None:
    """The definition of a custom resource's kind, where it is at hand."""
    for path in DEFINITIONS.glob(f"*.{group}.json"):
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if found["kind"] == kind:
            return found
    return None


def misfits_of_custom(manifest: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    version = manifest["apiVersion"].partition("/")[2]
    schema = found["versions"].get(version)
    if schema is None:
        yield f"version {version} is not served"
        return
    meta = schemas_of(KUBERNETES_RELEASES[-1])
    yield from find_misfits(meta.definitions["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"], manifest["metadata"], resolve=meta.resolve)
    if ("namespace" in manifest["metadata"]) != (found["scope"] == "Namespaced"):
        yield f"metadata.namespace does not go with the scope {found['scope']}"
    # What every object has, definitions need not repeat.
    yield from find_misfits(schema, {key: value for key, value in manifest.items() if key not in {"apiVersion", "kind", "metadata"}})
    if not is_undecided(manifest):
        # Bounds and patterns too; types and fields are said already.
        yield from (each.message for each in Draft4Validator(schema).iter_errors(revealed(manifest)))


@pytest.mark.parametrize("release", KUBERNETES_RELEASES)
def test_every_supported_release_has_its_schemas(release: str) -> None:
    schemas = schemas_of(release)
    assert set(schemas.kinds) == set(KINDS)
    assert all(schemas.of(f"kubernetes:{kind}") for kind in KINDS)


@pytest.mark.parametrize(("project", "stack"), EVERY_STACK)
def test_every_built_in_object_fits_the_schema_of_the_stacks_release(project: Path, stack: str) -> None:
    release = release_of(config_of(stack, project).values)
    known = schemas_of(release)
    built_in = [each for each in objects(project, stack) if is_built_in(each)]
    assert len(built_in) > 20
    assert {each.type for each in built_in if known.of(each.type) is None} == set(), "add them to facts/schemas/extract.py and renew"
    assert [problem for each in built_in for problem in refused_fields(each, release)] == []


def is_built_in(resource: RecordedResource) -> bool:
    """Kubernetes' own groups have no dot, or end with k8s.io; definitions of others under that name say that they are approved."""
    group = resource.type.removeprefix("kubernetes:").partition("/")[0]
    return ("." not in group or group.endswith(".k8s.io")) and group != "snapshot.storage.k8s.io"


@pytest.mark.parametrize(("project", "stack"), EVERY_STACK)
def test_every_custom_object_fits_the_definition_of_its_kind(project: Path, stack: str) -> None:
    if not DEFINITIONS.is_dir():
        pytest.skip("not run: no definitions of custom resources are at hand")
    unknown, problems = set(), []
    for each in objects(project, stack):
        if not is_built_in(each):
            manifest = manifest_of(each)
            found = definition(manifest["apiVersion"].partition("/")[0], manifest["kind"])
            if found is None:
                unknown.add(f"{manifest['apiVersion']} {manifest['kind']}")
            else:
                problems += [f"{each.type} {each.name}: {problem}" for problem in misfits_of_custom(manifest, found)]
    assert problems == []
    if unknown:
        pytest.skip(f"not held against a definition, as none is at hand: {', '.join(sorted(unknown))}")
