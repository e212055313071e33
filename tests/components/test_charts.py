from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from components.charts import NATS, Chart, Roll, UnpinnedChartError, install_chart
from tests.components.recorded import the

if TYPE_CHECKING:
    from tests.components.recorded import Preview

RELEASE = "kubernetes:helm.sh/v3:Release"
ROLL = Roll(pods=3, ending=timedelta(seconds=120), starting=timedelta(seconds=900))


def installed(preview: Preview, **options: Any) -> dict[str, Any]:
    """The inputs of the release."""
    return the(
        preview(lambda: install_chart("n", NATS, release_name="n", namespace="n", values={}, opts=pulumi.ResourceOptions(), **options)),
        RELEASE,
        "n",
    ).inputs


def test_a_chart_without_stateful_pods_is_installed_wholly_or_not_at_all(preview: Preview) -> None:
    inputs = installed(preview)
    assert (inputs["atomic"], inputs["cleanupOnFail"], inputs["timeout"]) == (True, True, 600)


def test_helm_waits_longer_than_stateful_pods_take_to_be_replaced_one_by_one(preview: Preview) -> None:
    assert installed(preview, roll=ROLL)["timeout"] == 600 + 3 * (120 + 900)


def test_a_failed_upgrade_of_stateful_pods_is_neither_rolled_back_nor_are_its_new_parts_deleted(preview: Preview) -> None:
    inputs = installed(preview, roll=ROLL)
    assert (inputs["atomic"], inputs["cleanupOnFail"]) == (False, False)


def test_a_mirror_holds_every_chart_under_its_name(preview: Preview) -> None:
    inputs = installed(preview, mirror="oci://registry.example.org/charts/")
    assert inputs["chart"] == "oci://registry.example.org/charts/nats"
    assert "repositoryOpts" not in inputs


@pytest.mark.parametrize("version", ["", "1.2", "~1.2.3", "1.x.x", "latest"])
def test_a_chart_without_an_exact_version_is_refused(version: str) -> None:
    with pytest.raises(UnpinnedChartError, match="is not pinned"):
        Chart(name="nats", repository="https://charts.example.org", version=version)
