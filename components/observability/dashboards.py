"""Dashboards as data: rows of panels that become a ConfigMap which Grafana's sidecar picks up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes import labels

DASHBOARD_LABEL: Final = {"grafana_dashboard": "1"}
_SCHEMA_VERSION: Final = 39
_COLUMNS: Final = 24
_PANELS_PER_ROW: Final = 2
_HEIGHT: Final = 8


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A graph of one query; ``unit`` is Grafana's name of one, such as ``short`` or ``bytes``."""

    title: str
    expr: str
    legend: str
    unit: str = "short"


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """A dashboard; ``name`` is its uid and file name, unique in the cluster."""

    name: str
    title: str
    panels: Sequence[Panel]


def render_dashboard(dashboard: Dashboard) -> dict[str, Any]:
    """The dashboard's JSON model, two panels a row, on the default Prometheus data source."""
    return {
        "uid": dashboard.name,
        "title": dashboard.title,
        "tags": ["plinth"],
        "schemaVersion": _SCHEMA_VERSION,
        "editable": False,
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "panels": [_render_panel(index, panel) for index, panel in enumerate(dashboard.panels)],
    }


def dashboard_config(
    resource_name: str, dashboard: Dashboard, *, namespace: str, opts: pulumi.ResourceOptions
) -> kubernetes.core.v1.ConfigMap:
    """Register the ConfigMap from which Grafana loads ``dashboard``."""
    return kubernetes.core.v1.ConfigMap(
        resource_name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=f"dashboard-{dashboard.name}",
            namespace=namespace,
            labels={**labels(dashboard.name, component="dashboard"), **DASHBOARD_LABEL},
        ),
        data={f"{dashboard.name}.json": json.dumps(render_dashboard(dashboard), indent=2, sort_keys=True)},
        opts=opts,
    )


def _render_panel(index: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(index, _PANELS_PER_ROW)
    width = _COLUMNS // _PANELS_PER_ROW
    return {
        "id": index + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "gridPos": {"x": column * width, "y": row * _HEIGHT, "w": width, "h": _HEIGHT},
        "targets": [{"refId": "A", "expr": panel.expr, "legendFormat": panel.legend}],
    }
