"""Who may reach NATS and its controller over the network, and whom they may reach (NET-002)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.backup import BACKUP_PODS, backup_store
from components.messaging.nats.link_model import LeafNodeSettings, RemoteSettings
from components.messaging.nats.links import LEAF_PORT
from components.messaging.nats.values import CLIENT_PORT, CONTROLLER_LABELS, NATS_LABELS, ROUTE_PORT
from components.tenancy.traffic import TrafficRule, called_from, calls_addresses, calls_kubernetes_api, dns, scraped_by

TOOLBOX_LABELS: Final = {"app.kubernetes.io/name": "nats-toolbox"}
"""The pod that an operator starts by the runbooks."""


def traffic(args: NatsArgs) -> Sequence[TrafficRule]:
    """Clients reach the client port, servers each other, Prometheus the exporter.

    Kubelet's probes come from the node and need no rule.
    """
    api = calls_kubernetes_api(args.addresses.kubernetes_api, args.addresses.kubernetes_api_ports)
    to_servers = [{"to": _pods(NATS_LABELS), "ports": _tcp(CLIENT_PORT)}]
    callers = sorted({client.namespace for _, _, client in args.settings.all_clients()})
    leaf_nodes, remote = args.settings.leaf_nodes, args.settings.remote
    return (
        dns(),
        *([_called_from_afar(leaf_nodes)] if leaf_nodes else []),
        *([_calls_afar(remote)] if remote else []),
        *(called_from(place, CLIENT_PORT).narrowed(f"nats-from-{place}", NATS_LABELS) for place in callers),
        *([scraped_by(args.monitoring.namespace).narrowed("nats-scrape", NATS_LABELS)] if args.monitoring else []),
        TrafficRule(
            name="nats-servers",
            pods=NATS_LABELS,
            ingress=[
                {"from": [*_pods(CONTROLLER_LABELS), *_pods(TOOLBOX_LABELS), *_pods(BACKUP_PODS)], "ports": _tcp(CLIENT_PORT)},
                {"from": _pods(NATS_LABELS), "ports": _tcp(ROUTE_PORT)},
            ],
            egress=[{"to": _pods(NATS_LABELS), "ports": _tcp(ROUTE_PORT)}],
        ),
        TrafficRule(name="nats-controller", pods=CONTROLLER_LABELS, egress=to_servers),
        api.narrowed("nats-controller-api", CONTROLLER_LABELS),
        *_of_backups(args, to_servers),
        TrafficRule(name="nats-toolbox", pods=TOOLBOX_LABELS, egress=to_servers),
    )


def _of_backups(args: NatsArgs, to_servers: Sequence[Mapping[str, Any]]) -> tuple[TrafficRule, ...]:
    if (backup := backup_store(args)) is None:
        return ()
    _, store = backup
    return (
        TrafficRule(name="nats-backup", pods=BACKUP_PODS, egress=to_servers),
        *(each.narrowed(f"nats-backup-{each.name}", BACKUP_PODS) for each in store.traffic),
    )


def _called_from_afar(leaf_nodes: LeafNodeSettings) -> TrafficRule:
    callers = [{"ipBlock": {"cidr": str(cidr)}} for cidr in leaf_nodes.cidrs]
    return TrafficRule(name="nats-leafnodes", pods=NATS_LABELS, ingress=[{"from": callers, "ports": _tcp(LEAF_PORT)}])


def _calls_afar(remote: RemoteSettings) -> TrafficRule:
    return calls_addresses("remote", [str(cidr) for cidr in remote.cidrs], remote.port).narrowed("nats-remote", NATS_LABELS)


def _pods(pod_labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"podSelector": {"matchLabels": dict(pod_labels)}}]


def _tcp(port: int) -> list[dict[str, Any]]:
    return [{"protocol": "TCP", "port": port}]
