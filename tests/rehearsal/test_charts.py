from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rehearsal.charts import ChartRelease, ChartSource, in_order_of_installation, locate_all, render_release
from rehearsal.errors import PreparationError
from tests.tools import tool

NATS = ChartRelease(
    name="nats",
    namespace="messaging",
    chart="nats",
    version="2.14.2",
    repository="https://charts.example",
    values={"replicas": 3},
    skip_definitions=False,
)
TEMPLATE = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: {{ .Release.Namespace }}}
data:
  replicas: "{{ .Values.replicas }}"
  kubernetes: "{{ .Capabilities.KubeVersion }}"
  monitored: "{{ .Capabilities.APIVersions.Has "m/v1" }}"
---
apiVersion: batch/v1
kind: Job
metadata: {name: prepare, annotations: {helm.sh/hook: "pre-install,pre-upgrade"}}
"""
DEFINITION = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n"


def write_chart(folder: Path, version: str = "2.14.2") -> Path:
    chart = folder / "nats"
    (chart / "templates").mkdir(parents=True)
    (chart / "crds").mkdir()
    (chart / "Chart.yaml").write_text(f"apiVersion: v2\nname: nats\nversion: {version}\n", encoding="utf-8")
    (chart / "templates" / "all.yaml").write_text(TEMPLATE, encoding="utf-8")
    (chart / "crds" / "things.yaml").write_text(DEFINITION, encoding="utf-8")
    return chart


def hooked(name: str, hooks: str | None = None) -> dict[str, Any]:
    return {"kind": "Job", "metadata": {"name": name, **({"annotations": {"helm.sh/hook": hooks}} if hooks else {})}}


def test_without_a_mirror_a_chart_comes_from_its_own_repository() -> None:
    assert ChartSource("").locate(NATS) == ["nats", "--version=2.14.2", "--repo=https://charts.example"]


def test_a_registry_has_every_chart_under_its_name() -> None:
    mirrored = replace(NATS, chart="oci://registry.example/mine/nats", repository="")
    assert ChartSource("oci://registry.example/charts/").locate(mirrored) == ["oci://registry.example/charts/nats", "--version=2.14.2"]


def test_a_folder_has_archives_or_unpacked_charts_of_the_right_version(tmp_path: Path) -> None:
    chart = write_chart(tmp_path)
    assert ChartSource(str(tmp_path)).locate(NATS) == [str(chart)]
    archive = tmp_path / "nats-2.14.2.tgz"
    archive.touch()
    assert ChartSource(str(tmp_path)).locate(NATS) == [str(archive)]
    with pytest.raises(PreparationError, match=r"is version 2\.14\.2, but the stack installs 2\.15\.0"):
        ChartSource(str(tmp_path)).locate(replace(NATS, version="2.15.0"))


def test_all_charts_that_are_missing_are_named_with_how_to_fetch_them(tmp_path: Path) -> None:
    with pytest.raises(PreparationError) as missing:
        locate_all(ChartSource(str(tmp_path)), [NATS, replace(NATS, name="nack", chart="nack", version="0.34.0")])
    assert "`helm pull nats --repo https://charts.example --version 2.14.2`" in str(missing.value)
    assert "`helm pull nack" in str(missing.value)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PreparationError, match="is not a folder"):
        ChartSource(str(tmp_path / "charts"))


def test_hooks_run_where_helm_runs_them_and_those_of_other_occasions_do_not() -> None:
    documents = [hooked("after", "post-install, post-upgrade"), hooked("object"), hooked("tested", "test"), hooked("before", "pre-install")]
    documents += [hooked("upgraded", "pre-upgrade"), {"kind": "List", "items": [hooked("listed")]}]
    assert [each["metadata"]["name"] for each in in_order_of_installation(documents)] == ["before", "object", "listed", "after"]


@pytest.fixture
def helm() -> Path:
    return Path(tool("helm", built=False))


def test_helm_renders_a_chart_with_the_values_and_the_cluster_of_the_stack(tmp_path: Path, helm: Path) -> None:
    where = [str(write_chart(tmp_path))]
    job, definition, settings = render_release(NATS, where, helm=helm, kubernetes="1.36", api_versions=["m/v1"])
    assert (job["kind"], definition["kind"]) == ("Job", "CustomResourceDefinition")
    assert settings["metadata"]["namespace"] == "messaging"
    assert settings["data"] == {"replicas": "3", "kubernetes": "v1.36.0", "monitored": "true"}
    without = render_release(replace(NATS, skip_definitions=True), where, helm=helm, kubernetes="1.36", api_versions=[])
    assert [each["kind"] for each in without] == ["Job", "ConfigMap"]


def test_a_chart_that_cannot_be_rendered_says_why(tmp_path: Path, helm: Path) -> None:
    chart = write_chart(tmp_path)
    (chart / "templates" / "all.yaml").write_text('{{ fail "replicas must be odd" }}', encoding="utf-8")
    with pytest.raises(PreparationError, match="replicas must be odd"):
        render_release(NATS, [str(chart)], helm=helm, kubernetes="1.36", api_versions=[])
