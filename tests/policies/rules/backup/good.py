"""A cluster whose backups are in order, and the same without a chart."""

from __future__ import annotations

from typing import Any

from policies.model import Resource
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from policies.rules.storage.claims import CLAIM_TYPE
from policies.velero import LOCATION, SCHEDULE, SNAPSHOT_LOCATION
from tests.policies.rules.cases import changed, good
from tests.policies.rules.messaging.good import NATS, RELEASE
from tests.policies.rules.storage.good import DATABASE, IN_CLUSTER, MONITORING, RABBITMQ

EKS = good(EKS_CLUSTER, {"name": "platform", "roleArn": "role"}, "cluster")
AKS = good(AKS_CLUSTER, {"resourceName": "platform", "tags": {"platform:rpo": "1h", "platform:rto": "4h"}}, "cluster")
INGRESS = good(RELEASE, {"chart": "ingress-nginx", "namespace": "apps"}, "ingress")
LOCATIONS = "values.configuration.backupStorageLocation"
SCHEDULES = "values.schedules"
EVERY_DAY: dict[str, Any] = {"schedule": "0 3 * * *", "template": {"ttl": "168h0m0s"}}
EVERY_WEEK: dict[str, Any] = {"schedule": "0 4 * * 0", "template": {"ttl": "720h"}}
OFTEN: dict[str, Any] = {"schedule": "*/30 * * * *", "template": {"ttl": "48h", "includedNamespaces": ["messaging", "cache"]}}
VELERO = good(
    RELEASE,
    {
        "chart": "velero",
        "namespace": "velero",
        "values": {
            "configuration": {
                "backupStorageLocation": [{"provider": "aws", "bucket": "platform-backups", "config": {"region": "eu-west-1"}}]
            },
            "snapshotsEnabled": True,
            "schedules": {"daily": EVERY_DAY, "weekly": EVERY_WEEK, "often": OFTEN},
        },
    },
    "velero",
)
BARE = changed(VELERO, {SCHEDULES: None})
SERVER = good(
    "kubernetes:apps/v1:Deployment",
    {
        "metadata": {"name": "velero", "namespace": "velero"},
        "spec": {"template": {"spec": {"containers": [{"name": "velero", "image": "velero/velero:v1.18.1", "args": ["server"]}]}}},
    },
    "server",
)
AGENT = good(
    "kubernetes:apps/v1:DaemonSet",
    {
        "metadata": {"name": "node-agent", "namespace": "velero"},
        "spec": {
            "template": {"spec": {"containers": [{"name": "agent", "image": "velero/velero:v1.18.1", "args": ["node-agent", "server"]}]}}
        },
    },
    "agent",
)
STORE = good(
    LOCATION,
    {
        "metadata": {"name": "default", "namespace": "velero"},
        "spec": {"provider": "aws", "objectStorage": {"bucket": "platform-backups"}, "config": {"region": "eu-west-1"}},
    },
    "store",
)
SNAPSHOTS = good(SNAPSHOT_LOCATION, {"metadata": {"name": "default", "namespace": "velero"}, "spec": {"provider": "aws"}}, "snapshots")


def schedule(spec: dict[str, Any], name: str = "daily") -> Resource:
    return good(SCHEDULE, {"metadata": {"name": name, "namespace": "velero"}, "spec": spec}, name)


DAILY, WEEKLY, FREQUENT = schedule(EVERY_DAY), schedule(EVERY_WEEK, "weekly"), schedule(OFTEN, "often")

SNAPSHOT_CLASS = good(
    "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
    {"metadata": {"name": "csi"}, "driver": "ebs.csi.aws.com", "deletionPolicy": "Retain"},
    "csi",
)
KEPT_DAILY = changed(VELERO, {f"{SCHEDULES}.daily.template.ttl": "720h"})
BARE_DAILY = changed(DAILY, {"spec.template.ttl": "720h"})
MARKS = {"platform/rpo": "0s", "platform/rto": "5m"}
CLAIM = good(CLAIM_TYPE, {"metadata": {"name": "data", "namespace": "cache"}}, "claim")
SET = changed(DATABASE, {"metadata.annotations": MARKS})
BUS = changed(RABBITMQ, {"metadata.namespace": "messaging", "metadata.annotations": MARKS})
POSTGRES = changed(IN_CLUSTER, {"metadata.namespace": "cache", "metadata.annotations": MARKS})
PROMETHEUS = changed(MONITORING[0], {"metadata": {"name": "it", "namespace": "cache", "annotations": MARKS}})
BROKER = changed(NATS, {"values.statefulSet.merge.metadata.annotations": MARKS})
LOKI = good(
    RELEASE,
    {"chart": "loki", "namespace": "cache", "values": {"podAnnotations": MARKS, "singleBinary": {"persistence": {"enabled": True}}}},
    "loki",
)
