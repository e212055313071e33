"""What is known of charts holds for the versions that the platform installs."""

from __future__ import annotations

import pytest

from components import charts as pinned
from policies.charts import CHARTS, chart_of, nats
from policies.charts.model import Chart
from tests.policies.rules.cases import good

RELEASE = "kubernetes:helm.sh/v3:Release"
PINNED = {chart.name: chart for chart in vars(pinned).values() if isinstance(chart, pinned.Chart)}


@pytest.mark.parametrize("chart", [chart for chart in CHARTS if chart.name in PINNED], ids=lambda chart: chart.name)
def test_the_installed_version_lies_in_the_range_that_is_known(chart: Chart) -> None:
    major, minor, *_ = PINNED[chart.name].version.removeprefix("v").split(".")
    assert chart.since <= (int(major), int(minor)) < chart.below


def test_a_release_is_judged_by_its_chart_whatever_its_version_says() -> None:
    for version in ({}, {"version": "2.14.2"}, {"version": "9.0.0"}, {"version": "latest"}):
        assert chart_of(good(RELEASE, {"chart": "oci://mirror.example/charts/nats", **version})) is nats.CHART
    assert chart_of(good(RELEASE, {"chart": "redis"})) is None
