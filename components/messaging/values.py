"""The values of the NATS and NACK charts: what of the component's arguments the charts are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from components.messaging.access import NatsClient, accounts, identity
from components.messaging.certificates import CONTROLLER, OPERATOR, SERVER_SECRET, client_secret
from facts.duration import format_duration
from facts.jetstream import usable_bytes
from facts.quantity import parse_quantity

RELEASE: Final = "nats"
CONTROLLER_RELEASE: Final = "nack"
CLIENT_PORT: Final = 4222
ROUTE_PORT: Final = 6222
METRICS_PORT: Final = 7777
NATS_LABELS: Final = {"app.kubernetes.io/name": "nats", "app.kubernetes.io/instance": RELEASE}
CONTROLLER_LABELS: Final = {"app.kubernetes.io/name": "nack", "app.kubernetes.io/instance": CONTROLLER_RELEASE}
DEFAULT_SYNC_INTERVAL: Final = timedelta(minutes=2)
"""How often a server flushes to disk unless told otherwise: what an acknowledged message may lose when all replicas fail (MSG-010)."""

STARTUP: Final = timedelta(seconds=10 + 90 * 10)
"""How long a server may read its streams before the chart's startup probe ends it."""
_ZONE: Final = "topology.kubernetes.io/zone"
_HOST: Final = "kubernetes.io/hostname"
_GRACE: Final = timedelta(seconds=10)
# The server hands over leaders, closes clients during the drain, then flushes its stores: the pod must outlive all of it (MSG-014).
_LEAST_TERMINATION: Final = timedelta(seconds=120)
_SHUTDOWN: Final = timedelta(seconds=60)
_USER: Final = 1000
_POD_SECURITY: Final = {
    "runAsNonRoot": True,
    "runAsUser": _USER,
    "runAsGroup": _USER,
    "fsGroup": _USER,
    # A volume of hundreds of gigabytes is not walked at each start.
    "fsGroupChangePolicy": "OnRootMismatch",
    "seccompProfile": {"type": "RuntimeDefault"},
}
_CONTAINER_SECURITY: Final = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


@dataclass(frozen=True, kw_only=True)
class ServerValues:
    """What the NATS chart's values are made from; :class:`components.messaging.nats.NatsArgs` says what each one means."""

    namespace: str
    servers: int
    volume: str
    storage_class: str
    cpu: str
    memory: str
    zero_loss: bool
    zone_spread: bool
    drain: timedelta
    priority_class: str | None = None
    image_registry: str | None = None
    clients: tuple[NatsClient, ...] = field(default=())


def render_nats_values(args: ServerValues) -> dict[str, Any]:
    """The values of the ``nats`` chart."""
    return {
        **_image_registry(args.image_registry),
        "tlsCA": {"enabled": True, "secretName": SERVER_SECRET},
        "config": _config(args),
        "container": {
            "env": {"GOMEMLIMIT": _go_memory_limit(args.memory)},
            "resources": _resources(args.cpu, args.memory, args.cpu, args.memory),
            "merge": {"securityContext": _CONTAINER_SECURITY},
        },
        "reloader": {"merge": {"securityContext": _CONTAINER_SECURITY, "resources": _resources("10m", "32Mi", "100m", "64Mi")}},
        "promExporter": {
            "enabled": True,
            "merge": {
                "securityContext": _CONTAINER_SECURITY,
                "resources": _resources("20m", "64Mi", "200m", "128Mi"),
                # A connect only: /metrics asks the server, whose troubles must not restart its exporter.
                "livenessProbe": {"tcpSocket": {"port": METRICS_PORT}, "initialDelaySeconds": 30, "periodSeconds": 30},
                "readinessProbe": {"tcpSocket": {"port": METRICS_PORT}, "periodSeconds": 10},
            },
        },
        "statefulSet": {
            "merge": {
                "metadata": {"annotations": rpo_annotations(zero_loss=args.zero_loss)},
                "spec": {
                    "updateStrategy": {"type": "RollingUpdate"},
                    "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
                },
            }
        },
        "podTemplate": {
            # Of JetStream's settings the server reloads none: a changed one takes a rolling restart to be true.
            "configChecksumAnnotation": True,
            "topologySpreadConstraints": _spread(args),
            "merge": {"spec": _pod_spec(args)},
        },
        "podDisruptionBudget": {"enabled": True, "merge": {"spec": {"maxUnavailable": 1}}},
        "serviceAccount": {"enabled": True, "merge": {"automountServiceAccountToken": False}},
        "natsBox": {"enabled": False},
    }


def render_controller_values(namespace: str, *, priority_class: str | None = None, image_registry: str | None = None) -> dict[str, Any]:
    """The values of the ``nack`` chart: one namespace only, with a certificate of its own."""
    return {
        "namespaced": True,
        "useLegacyNames": False,
        "jetstream": {
            **({"image": {"registry": image_registry}} if image_registry else {}),
            # The reconciling mode: it repairs drift, and it is the one that has probes.
            "controlLoop": True,
            "nats": {"url": f"tls://{RELEASE}.{namespace}.svc:{CLIENT_PORT}"},
            "tls": {"enabled": True, "secretName": client_secret(CONTROLLER)},
        },
        # The chart would also let it read every secret, which only Account resources need.
        "rbacRules": _CONTROLLER_RULES,
        "securityContext": _POD_SECURITY,
        "containerSecurityContext": _CONTAINER_SECURITY,
        "resources": _resources("50m", "64Mi", "500m", "256Mi"),
        **({"priorityClassName": priority_class} if priority_class else {}),
    }


def rpo_annotations(*, zero_loss: bool) -> dict[str, str]:
    """What the servers promise for acknowledged messages, as the markers that policies read (MSG-010, DR-001)."""
    return {"platform/rpo": format_duration(recovery_point(zero_loss=zero_loss)), "platform/rto": "5m"}


def recovery_point(*, zero_loss: bool) -> timedelta:
    """How much of what was acknowledged a loss of all replicas at once may cost."""
    return timedelta(0) if zero_loss else DEFAULT_SYNC_INTERVAL


def termination_grace(drain: timedelta) -> timedelta:
    """How long a pod may take to end: the drain and a minute for the stores, and never below two minutes (MSG-014)."""
    return max(_LEAST_TERMINATION, drain + _SHUTDOWN)


def _config(args: ServerValues) -> dict[str, Any]:
    tls = {"enabled": True, "secretName": SERVER_SECRET}
    usable = usable_bytes(parse_quantity(args.volume))
    return {
        "cluster": {
            "enabled": args.servers > 1,
            "replicas": args.servers,
            "routeURLs": {"useFQDN": True},
            "tls": {**tls, "merge": {"verify": True}},
        },
        "nats": {"tls": {**tls, "merge": {"verify_and_map": True}}},
        "monitor": {"enabled": True},
        "jetstream": {
            "enabled": True,
            "memoryStore": {"enabled": False},
            "fileStore": {
                "enabled": True,
                "maxSize": f"{usable // 2**20}Mi",
                "pvc": {"enabled": True, "size": args.volume, "storageClassName": args.storage_class},
            },
            "merge": {"sync_interval": "always" if args.zero_loss else format_duration(DEFAULT_SYNC_INTERVAL)},
        },
        "merge": {
            "lame_duck_grace_period": format_duration(_GRACE),
            "lame_duck_duration": f"{args.drain // timedelta(seconds=1)}s",
            "accounts": accounts(
                args.clients, controller=identity(CONTROLLER, args.namespace), operator=identity(OPERATOR, args.namespace)
            ),
            "system_account": "SYS",
        },
    }


def _pod_spec(args: ServerValues) -> dict[str, Any]:
    same = {"labelSelector": {"matchLabels": NATS_LABELS}, "topologyKey": _HOST}
    return {
        "automountServiceAccountToken": False,
        "securityContext": _POD_SECURITY,
        "terminationGracePeriodSeconds": termination_grace(args.drain) // timedelta(seconds=1),
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [same]}},
        **({"priorityClassName": args.priority_class} if args.priority_class else {}),
    }


def _spread(args: ServerValues) -> dict[str, Any]:
    soft_or_hard = "DoNotSchedule" if args.zone_spread else "ScheduleAnyway"
    return {
        _ZONE: {"maxSkew": 1, "whenUnsatisfiable": soft_or_hard},
        _HOST: {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
    }


def _go_memory_limit(memory: str) -> str:
    """Nine tenths of the memory limit in the notation of Go: the collector works harder before the kernel kills."""
    return f"{int(parse_quantity(memory) * Decimal('0.9')) // 2**20}MiB"


def _resources(cpu: str, memory: str, cpu_limit: str, memory_limit: str) -> dict[str, Any]:
    return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"cpu": cpu_limit, "memory": memory_limit}}


def _image_registry(registry: str | None) -> dict[str, Any]:
    return {"global": {"image": {"registry": registry}}} if registry else {}


_CONTROLLER_RULES: Final = """\
rules:
- apiGroups: [""]
  resources: [events]
  verbs: [create, update, patch]
- apiGroups: [jetstream.nats.io]
  resources: [streams, consumers, keyvalues, objectstores, accounts]
  verbs: [get, list, watch, update, patch]
- apiGroups: [jetstream.nats.io]
  resources: [streams/status, consumers/status, keyvalues/status, objectstores/status, accounts/status]
  verbs: [get, update, patch]
"""
