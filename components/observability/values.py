"""The values of kube-prometheus-stack: what of the component's arguments the chart is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from components.alerts import DEFAULT_TEAM
from components.kubernetes import NAME_LABEL
from components.models.scalars import GIB
from components.observability.arguments import PrometheusStackArgs
from components.observability.model import ObservabilitySettings
from components.observability.routing import render_alertmanager_config
from components.pods import ZONE, Resources, parse_resources, restricted_pod, spread_over
from facts.duration import format_duration
from facts.quantity import format_quantity

RELEASE: Final = "monitoring"
RETAINED_SHARE: Final = Decimal("0.8")
"""The share of Prometheus' volume that samples may fill before the oldest go (OBS-002:
retentionSize below the volume).

The file system keeps some two hundredths for itself: with this share, a volume that is as full as it
may be stays below the 85 % at which ``VolumeFilling`` fires."""

OPERATOR: Final = parse_resources("50m", "128Mi", cpu_limit="500m", memory_limit="512Mi")
RELOADER: Final = parse_resources("10m", "32Mi", cpu_limit="100m", memory_limit="64Mi")
"""Of the container beside each Prometheus and Alertmanager that reloads its configuration."""
STATE_METRICS: Final = parse_resources("20m", "64Mi", cpu_limit="200m", memory_limit="256Mi")
NODE_EXPORTER: Final = parse_resources("20m", "32Mi", cpu_limit="200m", memory_limit="128Mi")
ALERTMANAGER: Final = parse_resources("20m", "64Mi", cpu_limit="200m", memory_limit="128Mi")
GRAFANA: Final = parse_resources("100m", "256Mi", cpu_limit="500m", memory_limit="512Mi")
SIDECAR: Final = parse_resources("20m", "96Mi", cpu_limit="100m", memory_limit="192Mi")
"""Of each of Grafana's two sidecars, for dashboards and data sources."""
ALERTMANAGER_VOLUME: Final = 5 * GIB
GRAFANA_VOLUME: Final = 10 * GIB

_RETAIN: Final = {"whenDeleted": "Retain", "whenScaled": "Retain"}
_GRAFANA_USER: Final = 472


def prometheus_resources(settings: ObservabilitySettings) -> Resources:
    """Of Prometheus itself: it gets what it asks for, and never relies on more."""
    return Resources(cpu=settings.cpu, memory=int(settings.memory), cpu_limit=settings.cpu)


def render_stack_values(args: PrometheusStackArgs) -> dict[str, Any]:
    """The values of the ``kube-prometheus-stack`` chart."""
    return {
        "fullnameOverride": RELEASE,
        **({"global": {"imageRegistry": args.image_registry}} if args.image_registry else {}),
        # A release of their own brings the definitions, so that whatever is monitored can be
        # installed before this chart.
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
            "resources": STATE_METRICS.render(),
            "priorityClassName": args.priority_class,
        },
        "prometheus-node-exporter": {
            # It needs the host's namespaces, which no other pod of the stack may have.
            "namespaceOverride": args.agents_namespace,
            "resources": NODE_EXPORTER.render(),
            # One node after another, as the chart has it, takes longer on a large cluster than Helm
            # waits.
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}},
            "priorityClassName": args.priority_class,
            "serviceAccount": {"automountServiceAccountToken": False},
            "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
            "containerSecurityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        },
    }


def _operator(args: PrometheusStackArgs) -> dict[str, Any]:
    return {
        "resources": OPERATOR.render(),
        "priorityClassName": args.priority_class,
        "admissionWebhooks": {
            # An operator that is away must not keep others from installing their rules.
            "failurePolicy": "Ignore",
            "certManager": {
                "enabled": True,
                "admissionCert": {"duration": "2160h"},
                "issuerRef": {"name": args.issuer, "kind": "ClusterIssuer", "group": "cert-manager.io"},
            },
        },
        "prometheusConfigReloader": {"enableProbe": True, "resources": RELOADER.render()},
    }


def _prometheus(args: PrometheusStackArgs) -> dict[str, Any]:
    everything = {f"{kind}SelectorNilUsesHelmValues": False for kind in ("rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig")}
    settings = args.settings
    kept = int(settings.storage * RETAINED_SHARE) // 2**20
    return {
        "annotations": args.recovery.annotations if args.recovery else {},
        "podDisruptionBudget": _disruption_budget(args.settings.replicas),
        "prometheusSpec": {
            **everything,
            "replicas": args.settings.replicas,
            "retention": format_duration(settings.retention),
            "retentionSize": f"{kept}MiB",
            "scrapeInterval": "30s",
            # An alert that waits 30 s must be looked at more often than that.
            "evaluationInterval": "15s",
            "enableFeatures": ["exemplar-storage"],
            "externalLabels": {"kubernetes_cluster": args.cluster_name},
            "storageSpec": _claim(args.storage_class, int(settings.storage)),
            "persistentVolumeClaimRetentionPolicy": _RETAIN,
            "resources": prometheus_resources(settings).render(),
            **_spread("prometheus", args),
        },
    }


def _alertmanager(args: PrometheusStackArgs) -> dict[str, Any]:
    return {
        "config": render_alertmanager_config(args.settings.routing),
        "podDisruptionBudget": _disruption_budget(args.settings.replicas),
        "alertmanagerSpec": {
            "replicas": args.settings.replicas,
            "retention": "120h",
            "secrets": args.settings.routing.secrets,
            "storage": _claim(args.storage_class, ALERTMANAGER_VOLUME),
            "persistentVolumeClaimRetentionPolicy": _RETAIN,
            "resources": ALERTMANAGER.render(),
            **_spread("alertmanager", args),
        },
    }


def _grafana(args: PrometheusStackArgs) -> dict[str, Any]:
    admin = args.settings.grafana_admin_secret
    return {
        # Without a reference the chart generates a random one in the cluster at the first install
        # and keeps it; there is no default.
        **({"admin": {"existingSecret": admin}} if admin else {}),
        "rbac": {"namespaced": True},
        "persistence": {"enabled": True, "storageClassName": args.storage_class, "size": format_quantity(GRAFANA_VOLUME)},
        # One volume that one node at a time may hold: the old pod has to let go of it first.
        "deploymentStrategy": {"type": "Recreate"},
        # It would run as root; fsGroup does its work.
        "initChownData": {"enabled": False},
        "testFramework": {"enabled": False},
        "securityContext": restricted_pod(_GRAFANA_USER, writes_volumes=True),
        "resources": GRAFANA.render(),
        "sidecar": {
            "resources": SIDECAR.render(),
            "dashboards": {"searchNamespace": args.namespace, "resource": "configmap"},
            "datasources": {"searchNamespace": args.namespace, "resource": "configmap"},
        },
        "grafana.ini": {
            "auth.anonymous": {"enabled": False},
            "users": {"allow_sign_up": False},
            "security": {"disable_gravatar": True, "cookie_secure": True, "cookie_samesite": "strict"},
            "analytics": {"reporting_enabled": False, "check_for_updates": False, "check_for_plugin_updates": False},
            # What runs is what the image holds: at each start Grafana would fetch the newest
            # plugins of its own choice from the internet.
            "plugins": {"preinstall_disabled": True, "preinstall_auto_update": False, "plugin_admin_enabled": False},
        },
        "priorityClassName": args.priority_class,
    }


def _spread(app: str, args: PrometheusStackArgs) -> dict[str, Any]:
    priority = {"priorityClassName": args.priority_class}
    if args.settings.replicas == 1:
        return priority
    return {"podAntiAffinity": "hard", "topologySpreadConstraints": [spread_over(ZONE, {NAME_LABEL: app})], **priority}


def _disruption_budget(replicas: int) -> dict[str, Any]:
    # A pod that does not get ready must not keep its node from being drained.
    return {"enabled": replicas > 1, "minAvailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}


def _claim(storage_class: str, size: int) -> dict[str, Any]:
    spec = {
        "storageClassName": storage_class,
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": format_quantity(size)}},
    }
    return {"volumeClaimTemplate": {"spec": spec}}
