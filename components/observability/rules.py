"""The one way in which a component's alerts reach Prometheus."""

from __future__ import annotations

from collections.abc import Sequence

from components.alerts import AlertGroup, render_groups
from components.kubernetes import CustomResource, labels


def prometheus_rule(name: str, namespace: str, groups: Sequence[AlertGroup], runbook_base_url: str) -> CustomResource:
    """The PrometheusRule ``name`` that holds ``groups``; Prometheus finds it in any namespace.

    The caller declares it behind the release that brings the operator's definitions.
    """
    return CustomResource(
        api_version="monitoring.coreos.com/v1",
        kind="PrometheusRule",
        name=name,
        namespace=namespace,
        labels=labels(name, component="alerts"),
        spec=render_groups(groups, runbook_base_url),
    )
