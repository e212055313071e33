from __future__ import annotations

from typing import Any

from policies.rules.messaging.rabbitmq_storage import (
    rabbitmq_chart_has_persistent_storage,
    rabbitmq_cluster_has_persistent_storage,
    rabbitmq_pods_keep_data_on_claims,
)
from policies.workloads import tokens_of
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import OTHER_CHART
from tests.policies.rules.messaging.rabbitmq import CHART, CLUSTER, IMAGE, MOUNTS, POD, PODS, SUPPORT, TEMPLATES

STORAGE = "spec.persistence.storage"
EMPTY = [{"name": "data", "emptyDir": {}}]
IMAGES = (
    "rabbitmq",
    "rabbitmq:4.1.2-management-alpine",
    "docker.io/library/rabbitmq:4.1.2",
    "registry.example:5000/mirror/rabbitmq:4.1.2",
    f"rabbitmq@sha256:{'0' * 64}",
    "ghcr.io/acme/rabbitmq-delayed:1.2.0",
)
OTHER_IMAGES = (
    "kbudde/rabbitmq-exporter:1.0.0",
    "rabbitmqoperator/cluster-operator:2.16.0",
    "ghcr.io/acme/rabbitmq-messaging-topology-operator:1.17.0",
    "pivotalrabbitmq/perf-test:2.23",
    "redis:7",
)


def mounted(path: str, name: str = "data") -> dict[str, Any]:
    return {"name": name, "mountPath": path}


DEPLOYMENT = good(
    tokens_of("Deployment")[0],
    {**changed(PODS, {"spec.serviceName": None, TEMPLATES: None, "spec.updateStrategy": None}).properties},
    "rabbit",
)
JOB = good(
    tokens_of("Job")[0],
    {"spec": {"template": {"spec": {"containers": [{"name": "import", "image": "rabbitmq:4.1.2", "command": ["rabbitmqadmin"]}]}}}},
)
CRON_JOB = good(tokens_of("CronJob")[0], {"spec": {"jobTemplate": {"spec": {**JOB.properties["spec"]}}}})

CASES = (
    *cases(
        rabbitmq_cluster_has_persistent_storage,
        accepts(CLUSTER, beside=SUPPORT),
        *(accepts(CLUSTER, {STORAGE: size}, beside=SUPPORT) for size in ("1Ti", 10737418240.0)),
        *(refuses(CLUSTER, {STORAGE: size}, beside=SUPPORT) for size in ("0", "0Gi", 0.0, "much", None)),
        refuses(CLUSTER, {"spec.persistence": None}, at=STORAGE, beside=SUPPORT),
        undecided(CLUSTER, STORAGE, beside=SUPPORT),
    ),
    *cases(
        rabbitmq_chart_has_persistent_storage,
        accepts(CHART, beside=SUPPORT),
        *(
            accepts(CHART, {"chart": name}, beside=SUPPORT)
            for name in ("oci://registry-1.docker.io/bitnamicharts/rabbitmq", "bitnami/rabbitmq")
        ),
        accepts(
            CHART,
            {
                "version": "2.2.3",
                "values": {
                    "replicaCount": 3.0,
                    "storage": {"requestedSize": "10Gi"},
                    "podDisruptionBudget": {"maxUnavailable": 1.0},
                    "terminationGracePeriodSeconds": 120.0,
                },
            },
            beside=SUPPORT,
        ),
        accepts(OTHER_CHART),
        accepts(good(CHART.type, {"chart": "rabbitmq-cluster-operator"})),
        *(refuses(CHART, {"values.persistence.enabled": switch}, beside=SUPPORT) for switch in (False, None, "false")),
        *(refuses(CHART, {"values.persistence.size": size}, beside=SUPPORT) for size in ("", None, "0Gi")),
        refuses(CHART, {"values.persistence": None}, at="values.persistence.enabled", beside=SUPPORT),
        refuses(CHART, {"chart": "rabbitmq-ha", "values.persistence": None}, at="values.persistence.enabled", beside=SUPPORT),
        undecided(CHART, "chart", beside=SUPPORT),
        *(undecided(CHART, f"values.persistence.{key}", beside=SUPPORT) for key in ("enabled", "size")),
    ),
    *cases(
        rabbitmq_pods_keep_data_on_claims,
        accepts(PODS, beside=SUPPORT),
        *(
            accepts(PODS, {f"{MOUNTS}[1].mountPath": path}, beside=SUPPORT)
            for path in ("/var/lib", "/var/lib/rabbitmq/", "/var/lib/rabbitmq/mnesia")
        ),
        accepts(
            PODS,
            {
                MOUNTS: [mounted("/var/lib/rabbitmq", "cookie"), mounted("/var/lib/rabbitmq/mnesia/")],
                f"{POD}.volumes": [{"name": "cookie", "emptyDir": {}}],
            },
            beside=SUPPORT,
        ),
        accepts(PODS, {IMAGE: "docker.io/bitnami/rabbitmq:4.1.2", f"{MOUNTS}[1].mountPath": "/bitnami/rabbitmq/mnesia"}, beside=SUPPORT),
        accepts(
            PODS,
            {f"{POD}.containers[0].env": [{"name": "RABBITMQ_MNESIA_BASE", "value": "/data/mnesia"}], f"{MOUNTS}[1].mountPath": "/data"},
            beside=SUPPORT,
        ),
        *(accepts(PODS, {IMAGE: image, TEMPLATES: None, "spec.replicas": 1.0}, beside=SUPPORT) for image in OTHER_IMAGES),
        *(accepts(each) for each in (JOB, CRON_JOB)),
        *(refuses(PODS, {IMAGE: image, TEMPLATES: None}, at=TEMPLATES, beside=SUPPORT) for image in IMAGES),
        refuses(PODS, {TEMPLATES: [], f"{POD}.volumes": EMPTY}, at=TEMPLATES, beside=SUPPORT),
        refuses(PODS, {f"{MOUNTS}[1].mountPath": "/data"}, at=MOUNTS, beside=SUPPORT),
        refuses(PODS, {MOUNTS: None}, beside=SUPPORT),
        refuses(
            PODS,
            {
                MOUNTS: [mounted("/var/lib/rabbitmq/log"), mounted("/var/lib/rabbitmq/mnesia", "scratch")],
                f"{POD}.volumes": [{"name": "scratch", "emptyDir": {}}],
            },
            at=f"{MOUNTS}[1].name",
            beside=SUPPORT,
        ),
        refuses(PODS, {f"{MOUNTS}[1].name": "nothing"}, beside=SUPPORT),
        refuses(DEPLOYMENT, at=IMAGE, beside=SUPPORT),
        refuses(good(tokens_of("DaemonSet")[0], changed(DEPLOYMENT, {"spec.replicas": None}).properties), at=IMAGE, beside=SUPPORT),
        refuses(JOB, {f"{POD}.containers[0].command": None}, at=IMAGE),
        undecided(PODS, IMAGE, beside=SUPPORT),
        undecided(PODS, TEMPLATES, beside=SUPPORT),
        undecided(PODS, f"{MOUNTS}[1].mountPath", beside=SUPPORT),
    ),
)
