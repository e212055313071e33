"""The values of the operator's chart and of its archiver's."""

from __future__ import annotations

from typing import Any, Final

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs
from components.kubernetes import NAME_LABEL
from components.pods import HOST, ZONE, parse_resources, spread_over

OPERATOR_RELEASE: Final = "cloudnative-pg"
ARCHIVER_RELEASE: Final = "plugin-barman-cloud"
OPERATOR_LABELS: Final = {NAME_LABEL: "cloudnative-pg"}
ARCHIVER_LABELS: Final = {NAME_LABEL: "plugin-barman-cloud"}
OPERATOR: Final = parse_resources("50m", "256Mi")
ARCHIVER: Final = parse_resources("20m", "128Mi")
WEBHOOK_PORT: Final = 9443


def render_operator_values(args: CloudNativePostgresArgs) -> dict[str, Any]:
    """Values of the operator. It runs restricted by itself (POD-001, POD-002), and sees its own namespace alone."""
    return {
        "replicaCount": args.standby_replicas,
        **({"image": {"repository": f"{args.image_registry}/cloudnative-pg/cloudnative-pg"}} if args.image_registry else {}),
        # Definitions are upgraded with the release and outlive it.
        "crds": {"create": True},
        "config": {"clusterWide": False},
        "resources": OPERATOR.render(),
        "priorityClassName": args.priority_class,
        "topologySpreadConstraints": [spread_over(ZONE, OPERATOR_LABELS), spread_over(HOST, OPERATOR_LABELS)],
        "monitoring": {"podMonitorEnabled": args.monitoring is not None},
    }


def render_archiver_values(args: CloudNativePostgresArgs) -> dict[str, Any]:
    """Values of the archiver, which sits in the operator's namespace. It runs restricted by itself, likewise."""
    registry = {"registry": args.image_registry} if args.image_registry else {}
    return {
        **({"image": registry, "sidecarImage": registry} if registry else {}),
        "resources": ARCHIVER.render(),
        "priorityClassName": args.priority_class,
    }
