"""What every chart of a platform does alike, whoever adds the next one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from offline.engine import run_program
from tests.runs import config_of
from tests.tools import ROOT

REGISTRY: Final = "registry.example.com/mirror"
MIRROR: Final = "oci://registry.example.com/charts"
WITHOUT_PODS: Final = {"prometheus-operator-crds"}
# The chart has no value for it, and with one of two pods unhealthy its budget lets that one go as
# it is.
WITHOUT_EVICTION_POLICY: Final = {"cluster-autoscaler"}


@cache
def releases() -> Mapping[str, Mapping[str, Any]]:
    """The inputs of every Helm release, by name of the chart.

    The stack is one like production's, whose charts and images come from a mirror.
    """
    config = config_of("production")
    charts = {"plinth:charts": json.dumps({"mirror": MIRROR, "imageRegistry": REGISTRY})}
    run = run_program(ROOT / "__main__.py", stack="production", project=config.project, config={**config.values, **charts})
    inputs = [each.inputs for each in run.resources if each.type == "kubernetes:helm.sh/v3:Release"]
    assert len(inputs) > 5
    assert all(each["chart"].startswith(f"{MIRROR}/") for each in inputs)
    return {each["chart"].removeprefix(f"{MIRROR}/"): each for each in inputs}


def leaves(values: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value, with the key that it stands under."""
    if isinstance(values, dict):
        for name, value in values.items():
            yield from leaves(value, name)
    elif isinstance(values, list):
        for value in values:
            yield from leaves(value, key)
    else:
        yield key, values


def budgets(values: Any) -> Iterator[Mapping[str, Any]]:
    """Every disruption budget that is made."""
    if isinstance(values, dict):
        for key, value in values.items():
            if key == "podDisruptionBudget" and value.get("enabled", True):
                yield value
            else:
                yield from budgets(value)


def test_every_chart_takes_its_images_from_the_registry_that_is_asked_for() -> None:
    assert [
        chart
        for chart, inputs in releases().items()
        if not any(str(value).startswith(REGISTRY) for _, value in leaves(inputs["values"])) and chart not in WITHOUT_PODS
    ] == []


def test_every_chart_gives_its_pods_a_priority() -> None:
    given = {
        chart: {value for key, value in leaves(inputs["values"]) if key == "priorityClassName"}
        for chart, inputs in releases().items()
        if chart not in WITHOUT_PODS
    }
    assert [chart for chart, classes in given.items() if not classes or classes - {"platform-critical", "platform"}] == []


def test_no_budget_keeps_a_node_for_a_pod_that_does_not_get_ready() -> None:
    assert [
        chart
        for chart, inputs in releases().items()
        for budget in budgets(inputs["values"])
        if ("unhealthyPodEvictionPolicy", "AlwaysAllow") not in leaves(budget) and chart not in WITHOUT_EVICTION_POLICY
    ] == []
