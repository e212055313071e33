"""The values of kube-prometheus-stack: what of the component's arguments the chart is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from components.alerts import DEFAULT_TEAM
from components.observability.routing import AlertRouting, render_alertmanager_config
from facts.duration import format_duration
from facts.quantity import parse_quantity

RELEASE: Final = "monitoring"
RETAINED_SHARE: Final = Decimal("0.85")
"""The share of Prometheus' volume that samples may fill before the oldest go (OBS-002: retentionSize below the volume)."""

_RETAIN: Final = {"whenDeleted": "Retain", "whenScaled": "Retain"}
_GRAFANA_USER: Final = 472


@dataclass(frozen=True, kw_only=True)
class StackValues:
    """What the chart's values are made from; :class:`components.observability.prometheus.PrometheusStackArgs` says what each one means."""

    namespace: str
    agents_namespace: str
    issuer: str
    replicas: int
    retention: timedelta
    storage_class: str
    prometheus_volume: str
    prometheus_cpu: str
    prometheus_memory: str
    cluster_name: str
    grafana_admin_secret: str | None = None
    priority_class: str | None = None
    image_registry: str | None = None
    routing: AlertRouting = field(default_factory=AlertRouting)


def render_stack_values(args: StackValues) -> dict[str, Any]:
    """The values of the ``kube-prometheus-stack`` chart."""
    return {
        "fullnameOverride": RELEASE,
        **({"global": {"imageRegistry": args.image_registry}} if args.image_registry else {}),
        # A release of their own brings the definitions, so that whatever is monitored can be installed before this chart.
        "crds": {"enabled": False},
        "defaultRules": {
            "additionalRuleLabels": {"team": DEFAULT_TEAM},
            # The platform's own alerts say these with a runbook of its own.
            "disabled": {"KubePodCrashLooping": True},
        },
        # A managed control plane shows none of them.
        "kubeControllerManager": {"enabled": False},
        "kubeScheduler": {"enabled": False},
        "kubeEtcd": {"enabled": False},
        # kube-proxy listens on the node's loopback interface only.
        "kubeProxy": {"enabled": False},
        "kubelet": {"enabled": True},
        "kubeStateMetrics": {"enabled": True},
        "prometheusOperator": _operator(args),
        "prometheus": _prometheus(args),
        "alertmanager": _alertmanager(args),
        "grafana": _grafana(args),
        "kube-state-metrics": {
            # Names and labels of secrets are nobody's business.
            "collectorsExclude": ["secrets"],
            "resources": _resources("20m", "64Mi", "200m", "256Mi"),
        },
        "prometheus-node-exporter": {
            # It needs the host's namespaces, which no other pod of the stack may have.
            "namespaceOverride": args.agents_namespace,
            "resources": _resources("20m", "32Mi", "200m", "128Mi"),
            "serviceAccount": {"automountServiceAccountToken": False},
            "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
            "containerSecurityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        },
    }


def _operator(args: StackValues) -> dict[str, Any]:
    return {
        "resources": _resources("50m", "128Mi", "500m", "512Mi"),
        "admissionWebhooks": {
            # An operator that is away must not keep others from installing their rules.
            "failurePolicy": "Ignore",
            "certManager": {
                "enabled": True,
                "admissionCert": {"duration": "2160h"},
                "issuerRef": {"name": args.issuer, "kind": "ClusterIssuer", "group": "cert-manager.io"},
            },
        },
        "prometheusConfigReloader": {"enableProbe": True, "resources": _resources("10m", "32Mi", "100m", "64Mi")},
    }


def _prometheus(args: StackValues) -> dict[str, Any]:
    everything = {f"{kind}SelectorNilUsesHelmValues": False for kind in ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")}
    kept = int(parse_quantity(args.prometheus_volume) * RETAINED_SHARE) // 2**20
    return {
        "podDisruptionBudget": _disruption_budget(args.replicas),
        "prometheusSpec": {
            **everything,
            "replicas": args.replicas,
            "retention": format_duration(args.retention),
            "retentionSize": f"{kept}MiB",
            "scrapeInterval": "30s",
            # An alert that waits 30 s must be looked at more often than that.
            "evaluationInterval": "15s",
            "enableFeatures": ["exemplar-storage"],
            "externalLabels": {"kubernetes_cluster": args.cluster_name},
            "storageSpec": _claim(args.storage_class, args.prometheus_volume),
            "persistentVolumeClaimRetentionPolicy": _RETAIN,
            "resources": _resources(args.prometheus_cpu, args.prometheus_memory, args.prometheus_cpu, args.prometheus_memory),
            **_spread("prometheus", args),
        },
    }


def _alertmanager(args: StackValues) -> dict[str, Any]:
    return {
        "config": render_alertmanager_config(args.routing),
        "podDisruptionBudget": _disruption_budget(args.replicas),
        "alertmanagerSpec": {
            "replicas": args.replicas,
            "retention": "120h",
            "secrets": args.routing.secrets,
            "storage": _claim(args.storage_class, "5Gi"),
            "persistentVolumeClaimRetentionPolicy": _RETAIN,
            "resources": _resources("20m", "64Mi", "200m", "128Mi"),
            **_spread("alertmanager", args),
        },
    }


def _grafana(args: StackValues) -> dict[str, Any]:
    return {
        # Without a reference the chart generates a random one in the cluster at the first install and keeps it; there is no default.
        **({"admin": {"existingSecret": args.grafana_admin_secret}} if args.grafana_admin_secret else {}),
        "rbac": {"namespaced": True},
        "persistence": {"enabled": True, "storageClassName": args.storage_class, "size": "10Gi"},
        # One volume that one node at a time may hold: the old pod has to let go of it first.
        "deploymentStrategy": {"type": "Recreate"},
        # It would run as root; fsGroup does its work.
        "initChownData": {"enabled": False},
        "testFramework": {"enabled": False},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _GRAFANA_USER,
            "runAsGroup": _GRAFANA_USER,
            "fsGroup": _GRAFANA_USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "resources": _resources("100m", "256Mi", "500m", "512Mi"),
        "sidecar": {
            "resources": _resources("20m", "96Mi", "100m", "192Mi"),
            "dashboards": {"searchNamespace": args.namespace, "resource": "configmap"},
            "datasources": {"searchNamespace": args.namespace, "resource": "configmap"},
        },
        "grafana.ini": {
            "auth.anonymous": {"enabled": False},
            "users": {"allow_sign_up": False},
            "security": {"disable_gravatar": True, "cookie_secure": True, "cookie_samesite": "strict"},
            "analytics": {"reporting_enabled": False, "check_for_updates": False},
        },
        **_priority(args),
    }


def _spread(app: str, args: StackValues) -> dict[str, Any]:
    if args.replicas == 1:
        return _priority(args)
    zones = {
        "maxSkew": 1,
        "topologyKey": "topology.kubernetes.io/zone",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {"app.kubernetes.io/name": app}},
    }
    return {"podAntiAffinity": "hard", "topologySpreadConstraints": [zones], **_priority(args)}


def _priority(args: StackValues) -> dict[str, Any]:
    return {"priorityClassName": args.priority_class} if args.priority_class else {}


def _disruption_budget(replicas: int) -> dict[str, Any]:
    return {"enabled": replicas > 1, "minAvailable": 1}


def _claim(storage_class: str, size: str) -> dict[str, Any]:
    spec = {"storageClassName": storage_class, "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return {"volumeClaimTemplate": {"spec": spec}}


def _resources(cpu: str, memory: str, cpu_limit: str, memory_limit: str) -> dict[str, Any]:
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": cpu_limit, "memory": memory_limit}}
