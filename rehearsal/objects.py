"""Every object of a stack in the order in which they come: what the program declares, and what its charts hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from offline.manifests import RELEASE, is_object, manifest_of
from offline.properties import revealed
from offline.recording import RecordedResource, Run
from policies.values import UNKNOWN
from rehearsal.charts import ChartRelease, ChartSource, locate_all, render_release
from rehearsal.operators import children_of

_UNKNOWN_TEXT: Final = "unknown"
_DEFINITION: Final = "CustomResourceDefinition"


@dataclass(frozen=True, kw_only=True)
class DeclaredObject:
    """One object of the stack.

    ``origin`` is the resource of the program or the release of the chart; ``strict`` is how the API
    server is to read it: Pulumi's provider refuses unknown fields, Helm does not.
    """

    manifest: dict[str, Any]
    origin: str
    strict: bool = False
    simulated: bool = False


def declared_objects(run: Run, source: ChartSource, *, helm: Path, kubernetes: str, say: Callable[[str], None]) -> list[DeclaredObject]:
    """All objects of ``run``; every resource comes after those that it depends on, as the engine registers them.

    Raises:
        PreparationError: charts are missing, or cannot be rendered.
    """
    charts = {resource.urn: release_of(resource) for resource in run.resources if resource.type == RELEASE and not resource.read}
    places = locate_all(source, charts.values())
    found: list[DeclaredObject] = []
    for resource in run.resources:
        if resource.urn in charts:
            release = charts[resource.urn]
            say(f"Rendering {release.chart_name} {release.version}")
            manifests = render_release(release, places[release.name], helm=helm, kubernetes=kubernetes, api_versions=_served(found))
            found += [DeclaredObject(manifest=_placed(each, release.namespace), origin=f"release {release.name}") for each in manifests]
        elif is_object(resource):
            found.append(DeclaredObject(manifest=without_unknowns(manifest_of(resource)), origin=resource.name, strict=True))
    return [each for one in found for each in (one, *_simulated(one))]


def release_of(resource: RecordedResource) -> ChartRelease:
    """The Helm release that a resource declares."""
    inputs = without_unknowns(resource.inputs)
    return ChartRelease(
        name=inputs.get("name") or resource.name,
        namespace=inputs.get("namespace") or "default",
        chart=inputs["chart"],
        version=inputs.get("version", ""),
        repository=inputs.get("repositoryOpts", {}).get("repo", ""),
        values=inputs.get("values", {}),
        skip_definitions=bool(inputs.get("skipCrds")),
    )


def without_unknowns(value: Any) -> Any:
    """``value`` with a text in place of what is unknown until the update, and without the marks of secrets, which offline are none."""
    plain = revealed(value)
    if plain is UNKNOWN:
        return _UNKNOWN_TEXT
    if isinstance(plain, Mapping):
        return {key: without_unknowns(below) for key, below in plain.items()}
    return [without_unknowns(below) for below in plain] if isinstance(plain, list) else plain


def _simulated(declared: DeclaredObject) -> Sequence[DeclaredObject]:
    origin = f"{declared.manifest['kind']} {declared.manifest['metadata']['name']}"
    return [DeclaredObject(manifest=child, origin=origin, simulated=True) for child in children_of(declared.manifest)]


def _placed(manifest: dict[str, Any], namespace: str) -> dict[str, Any]:
    """Helm puts into the release's namespace what says none; of a kind without namespaces it is taken away when it is applied."""
    metadata = manifest.get("metadata") or {}
    return {**manifest, "metadata": {"namespace": namespace, **metadata}}


def _served(found: Sequence[DeclaredObject]) -> list[str]:
    """The API versions that the definitions so far bring, with and without their kinds, as charts ask for them."""
    served: list[str] = []
    for each in found:
        if each.manifest["kind"] == _DEFINITION:
            spec = each.manifest["spec"]
            for version in spec["versions"]:
                group_version = f"{spec['group']}/{version['name']}"
                served += [group_version, f"{group_version}/{spec['names']['kind']}"]
    return sorted(set(served))
