"""The values of the NATS and NACK charts: what of the component's arguments the charts are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from components.messaging.nats.access import SYSTEM_ACCOUNT, account_name, accounts, controller
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.certificates import RELEASE, SERVER_SECRET, client_secret
from components.messaging.nats.jetstream import usable_bytes
from components.messaging.nats.links import leaf_values
from components.pods import HOST, RESTRICTED_CONTAINER, ZONE, Resources, keep_apart, parse_resources, restricted_pod
from facts.duration import format_duration
from facts.quantity import format_quantity

CONTROLLER_RELEASE: Final = "nack"
RTO: Final = "5m"
"""What the servers declare (DR-001)."""
CLIENT_PORT: Final = 4222
ROUTE_PORT: Final = 6222
METRICS_PORT: Final = 7777
NATS_LABELS: Final = {"app.kubernetes.io/name": "nats", "app.kubernetes.io/instance": RELEASE}
CONTROLLER_LABELS: Final = {"app.kubernetes.io/name": "nack", "app.kubernetes.io/instance": CONTROLLER_RELEASE}
TERMINATION: Final = timedelta(seconds=120)
"""How long a server may take to end (MSG-014).

It hands over leaders, closes its clients over the drain, then flushes its stores.
"""
STARTUP: Final = timedelta(seconds=10 + 90 * 10)
"""How long a server may read its streams before the chart's startup probe ends it."""
CONTROLLER_RESOURCES: Final = parse_resources("50m", "64Mi", cpu_limit="500m", memory_limit="256Mi")
_RELOADER_RESOURCES: Final = parse_resources("10m", "32Mi", cpu_limit="100m", memory_limit="64Mi")
_EXPORTER_RESOURCES: Final = parse_resources("20m", "64Mi", cpu_limit="200m", memory_limit="128Mi")
_DRAIN: Final = timedelta(seconds=60)
_GRACE: Final = timedelta(seconds=10)
_USER: Final = 1000


def server_resources(args: NatsArgs) -> tuple[Resources, ...]:
    """What the containers of one server ask for: the server itself, its reloader, its exporter."""
    cpu = args.settings.cpu
    server = Resources(cpu=cpu, memory=int(args.settings.memory), cpu_limit=cpu)
    return (server, _RELOADER_RESOURCES, *([_EXPORTER_RESOURCES] if args.monitoring else []))


def render_nats_values(args: NatsArgs) -> dict[str, Any]:
    """The values of the ``nats`` chart."""
    server, *_ = server_resources(args)
    config = _config(args)
    return {
        **({"global": {"image": {"registry": args.image_registry}}} if args.image_registry else {}),
        "tlsCA": {"enabled": True, "secretName": SERVER_SECRET},
        "config": config,
        "container": {
            # Its full name: a mirror, unlike Docker Hub itself, knows no shorter one.
            "image": {"repository": "library/nats"},
            "env": {"GOMEMLIMIT": _go_memory_limit(server)},
            "resources": server.render(),
            "merge": {"securityContext": dict(RESTRICTED_CONTAINER)},
        },
        "reloader": {
            "merge": {"securityContext": dict(RESTRICTED_CONTAINER), "resources": _RELOADER_RESOURCES.render(), **_watched(config)}
        },
        "promExporter": _exporter() if args.monitoring else {"enabled": False},
        "statefulSet": {
            "merge": {
                "metadata": {"annotations": {"platform/rpo": args.settings.rpo, "platform/rto": RTO}},
                "spec": {
                    "updateStrategy": {"type": "RollingUpdate"},
                    "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
                },
            }
        },
        "podTemplate": {
            # Of JetStream's settings the server reloads none: a changed one takes a rolling restart
            # to be true.
            "configChecksumAnnotation": True,
            "topologySpreadConstraints": _spread(args),
            "merge": {"spec": _pod_spec(args)},
        },
        # A server that is not ready would otherwise hold up the drain of its node, which is what
        # would replace it.
        "podDisruptionBudget": {"enabled": True, "merge": {"spec": {"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}}},
        "serviceAccount": {"enabled": True, "merge": {"automountServiceAccountToken": False}},
        "natsBox": {"enabled": False},
    }


def render_controller_values(args: NatsArgs) -> dict[str, Any]:
    """The values of the ``nack`` chart: one namespace only, with a certificate of its own for each account."""
    tenants = args.settings.tenants
    return {
        "namespaced": True,
        "useLegacyNames": False,
        "jetstream": {
            **({"image": {"registry": args.image_registry}} if args.image_registry else {}),
            # The reconciling mode: it repairs drift, and it is the one that has probes.
            "controlLoop": True,
            "nats": {"url": f"tls://{RELEASE}.{args.namespace}.svc:{CLIENT_PORT}"},
            "tls": {"enabled": True, "secretName": client_secret(controller(None))},
        },
        # The chart would also let it read every secret.
        "rbacRules": _CONTROLLER_RULES,
        "securityContext": restricted_pod(_USER, writes_volumes=True),
        "containerSecurityContext": dict(RESTRICTED_CONTAINER),
        "resources": CONTROLLER_RESOURCES.render(),
        "priorityClassName": args.priority_class,
        # As files, not by Account resources: for those it would have to read every secret.
        "additionalVolumes": [{"name": f"tenant-{name}", "secret": {"secretName": client_secret(controller(name))}} for name in tenants],
        "additionalVolumeMounts": [{"name": f"tenant-{name}", "mountPath": tenant_directory(name), "readOnly": True} for name in tenants],
    }


def tenant_directory(tenant: str) -> str:
    """Where the stream controller has its certificate for the account of ``tenant``."""
    return f"/etc/nats-tenants/{tenant}"


def _config(args: NatsArgs) -> dict[str, Any]:
    settings = args.settings
    tls = {"enabled": True, "secretName": SERVER_SECRET}
    return {
        "cluster": {
            "enabled": settings.servers > 1,
            "replicas": settings.servers,
            "routeURLs": {"useFQDN": True},
            "tls": {**tls, "merge": {"verify": True}},
            "merge": {"name": settings.name},
        },
        "leafnodes": leaf_values(settings, SERVER_SECRET, {tenant: account_name(tenant) for tenant, _ in settings.accounts()}),
        "nats": {"tls": {**tls, "merge": {"verify_and_map": True}}},
        "monitor": {"enabled": True},
        "jetstream": {
            "enabled": True,
            "memoryStore": {"enabled": False},
            "fileStore": {
                "enabled": True,
                "maxSize": f"{usable_bytes(settings.storage) // 2**20}Mi",
                "pvc": {"enabled": True, "size": format_quantity(settings.storage), "storageClassName": args.storage_class},
            },
            # What all replicas that fail at once may lose is what had not been flushed to disk
            # (MSG-010).
            "merge": {
                "sync_interval": "always" if settings.rpo == "0s" else settings.rpo,
                # By it the JetStream of another cluster is told from this one.
                **({"domain": settings.name} if settings.leaf_nodes or settings.remote else {}),
            },
        },
        "merge": {
            "lame_duck_grace_period": format_duration(_GRACE),
            "lame_duck_duration": f"{_DRAIN // timedelta(seconds=1)}s",
            "accounts": accounts(settings, args.namespace, args.dr_stack),
            "system_account": SYSTEM_ACCOUNT,
        },
    }


def _watched(config: Mapping[str, Any]) -> dict[str, Any]:
    """The reloader's arguments where servers call another cluster.

    The chart looks for certificates in mappings alone, and the remotes are a list: those it would leave
    out, and what is renewed there would never be used.
    """
    remotes = config["leafnodes"].get("merge", {}).get("remotes", [])
    if not remotes:
        return {}
    mounted = ("nats", "cluster") if config["cluster"]["enabled"] else ("nats",)
    own = (f"/etc/nats-certs/{place}/tls.{end}" for place in mounted for end in ("crt", "key"))
    theirs = dict.fromkeys(file for remote in remotes for file in remote["tls"].values())
    files = ("/etc/nats-config/nats.conf", "/etc/nats-ca-cert/ca.crt", *own, *theirs)
    return {"args": ["-pid", "/var/run/nats/nats.pid", *(word for file in files for word in ("-config", file))]}


def _exporter() -> dict[str, Any]:
    return {
        "enabled": True,
        "merge": {
            "securityContext": dict(RESTRICTED_CONTAINER),
            "resources": _EXPORTER_RESOURCES.render(),
            # A connect only: /metrics asks the server, whose troubles must not restart its
            # exporter.
            "livenessProbe": {"tcpSocket": {"port": METRICS_PORT}, "initialDelaySeconds": 30, "periodSeconds": 30},
            "readinessProbe": {"tcpSocket": {"port": METRICS_PORT}, "periodSeconds": 10},
        },
    }


def _pod_spec(args: NatsArgs) -> dict[str, Any]:
    return {
        "automountServiceAccountToken": False,
        "securityContext": restricted_pod(_USER, writes_volumes=True),
        "terminationGracePeriodSeconds": TERMINATION // timedelta(seconds=1),
        "affinity": keep_apart(NATS_LABELS),
        "priorityClassName": args.priority_class,
    }


def _spread(args: NatsArgs) -> dict[str, Any]:
    # A single server runs on nodes without a zone too.
    over_zones = "DoNotSchedule" if args.settings.servers > 1 else "ScheduleAnyway"
    return {
        ZONE: {"maxSkew": 1, "whenUnsatisfiable": over_zones},
        HOST: {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
    }


def _go_memory_limit(server: Resources) -> str:
    """Nine tenths of the memory limit: the collector works harder before the kernel kills."""
    return f"{int(server.memory * Decimal('0.9')) // 2**20}MiB"


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
