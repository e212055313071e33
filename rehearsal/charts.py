"""The objects of charts: each Helm release of a stack, rendered with its values by helm."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from rehearsal.errors import PreparationError

_OCI: Final = "oci://"
_HOOK: Final = "helm.sh/hook"
_BEFORE: Final = frozenset({"pre-install", "crd-install"})
_AFTER: Final = "post-install"
_PATIENCE: Final = 300


class _Loader(yaml.CSafeLoader):
    """Takes a lone = as the text that it is to Kubernetes."""


_Loader.add_constructor("tag:yaml.org,2002:value", lambda _, node: node.value)


@dataclass(frozen=True, kw_only=True)
class ChartRelease:
    """A Helm release as the program declares it: ``chart`` is a name, or an ``oci://`` address."""

    name: str
    namespace: str
    chart: str
    version: str
    repository: str
    values: Mapping[str, Any]
    skip_definitions: bool

    @property
    def chart_name(self) -> str:
        """The chart without its registry."""
        return self.chart.rpartition("/")[2]


class ChartSource:
    """Where charts are taken from.

    Args:
        given: a folder with ``<name>-<version>.tgz`` or unpacked charts in ``<name>/``, or an OCI
            registry that holds every chart under its name; empty for each chart's own repository.

    Raises:
        PreparationError: there is no such folder.
    """

    def __init__(self, given: str) -> None:
        self._registry = given.rstrip("/") if given.startswith(_OCI) else ""
        self._folder = Path(given) if given and not self._registry else None
        if self._folder is not None and not self._folder.is_dir():
            raise PreparationError(f"{given} is not a folder with charts; name one, or a registry as oci://…")

    def locate(self, release: ChartRelease) -> Sequence[str]:
        """The arguments by which helm finds the chart of a release.

        Raises:
            PreparationError: the folder does not have it at its version.
        """
        if self._folder is not None:
            return [str(self._in_folder(self._folder, release))]
        if self._registry:
            return [f"{self._registry}/{release.chart_name}", f"--version={release.version}"]
        where = [f"--repo={release.repository}"] if release.repository else []
        return [release.chart, f"--version={release.version}", *where]

    @staticmethod
    def _in_folder(folder: Path, release: ChartRelease) -> Path:
        archive, unpacked = folder / f"{release.chart_name}-{release.version}.tgz", folder / release.chart_name
        if archive.is_file():
            return archive
        described = unpacked / "Chart.yaml"
        if not described.is_file():
            raise PreparationError(f"{archive.name} and {release.chart_name}/ are not in {folder}; fetch it with {_fetching(release)}")
        version = (yaml.safe_load(described.read_text(encoding="utf-8")) or {}).get("version")
        if str(version).removeprefix("v") != release.version.removeprefix("v"):
            raise PreparationError(f"{unpacked} is version {version}, but the stack installs {release.version}; fetch {_fetching(release)}")
        return unpacked


def _fetching(release: ChartRelease) -> str:
    where = f" --repo {release.repository}" if release.repository else ""
    return f"`helm pull {release.chart}{where} --version {release.version}`"


def locate_all(source: ChartSource, releases: Iterable[ChartRelease]) -> Mapping[str, Sequence[str]]:
    """Where the chart of each release is, by the release's name.

    Raises:
        PreparationError: with all that are missing.
    """
    found: dict[str, Sequence[str]] = {}
    missing: list[str] = []
    for release in releases:
        try:
            found[release.name] = source.locate(release)
        except PreparationError as error:
            missing.append(f"  {error}")
    if missing:
        raise PreparationError("\n".join(["these charts are missing:", *missing]))
    return found


def render_release(
    release: ChartRelease, where: Sequence[str], *, helm: Path, kubernetes: str, api_versions: Iterable[str]
) -> list[dict[str, Any]]:
    """The objects that an installation of ``release`` makes, in helm's order; what only tests, upgrades or removals make is left out.

    Raises:
        PreparationError: helm cannot render the chart; with what it says.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as values:
        json.dump(release.values, values)
        values.flush()
        result = subprocess.run(  # noqa: S603 # found by us, with the stack's own chart and values
            [
                *(str(helm), "template", release.name, *where, f"--namespace={release.namespace}", f"--values={values.name}"),
                f"--kube-version={kubernetes}.0",
                *([] if release.skip_definitions else ["--include-crds"]),
                *(f"--api-versions={each}" for each in api_versions),
            ],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    if result.returncode != 0:
        raise PreparationError(f"helm cannot render the chart of {release.name}: {result.stderr.strip()}")
    documents = [each for each in yaml.load_all(result.stdout, _Loader) if each]
    return in_order_of_installation(documents)


def in_order_of_installation(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Hooks that run before an installation, then the objects, then the hooks that run after it."""
    before, objects, after = [], [], []
    for document in documents:
        for each in document.get("items", ()) if document.get("kind") == "List" else (document,):
            hooks = _hooks(each)
            if not hooks:
                objects.append(each)
            elif hooks & _BEFORE:
                before.append(each)
            elif _AFTER in hooks:
                after.append(each)
    return [*before, *objects, *after]


def _hooks(document: Mapping[str, Any]) -> set[str]:
    annotations = document.get("metadata", {}).get("annotations") or {}
    return {each.strip() for each in annotations.get(_HOOK, "").split(",") if each.strip()}
