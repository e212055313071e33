from __future__ import annotations

from policies.rules.messaging.nats_volume import nats_volume_holds_500gi
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.messaging.good import (
    CLAIM,
    CORE_NATS,
    JETSTREAM,
    LARGE_CLAIM,
    NATS,
    NATS_V4,
    OTHER_CHART,
    OTHER_IMAGES,
    PLAIN,
    POD,
    SERVERS,
    SIZE,
    SMALL_CLAIM,
    STREAM,
    TEMPLATES,
)

IMAGE = f"{POD}.containers[0].image"
ARGS = f"{POD}.containers[0].args"
SMALL_SPEC = {"requests": {"storage": "10Gi"}}
IMAGES = (
    "nats",
    "nats:2.14.2",
    "library/nats:2",
    "docker.io/library/nats:2.14.2",
    "registry.example:5000/mirror/nats:2.14.2-alpine",
    f"nats@sha256:{'0' * 64}",
    "synadia/nats-server:2.14",
)

CASES = cases(
    nats_volume_holds_500gi,
    accepts(NATS, beside=[STREAM]),
    accepts(NATS_V4, beside=[STREAM]),
    accepts(OTHER_CHART),
    accepts(CORE_NATS),
    accepts(NATS, {f"{CLAIM}.size": "1Ti"}),
    accepts(NATS, {f"{CLAIM}.enabled": None}),
    accepts(
        NATS,
        {
            f"{CLAIM}.patch": [
                {"op": "add", "path": "/metadata/labels", "value": {}},
                {"op": "test", "path": "/spec/accessModes", "value": ["ReadWriteOnce"]},
            ]
        },
    ),
    *(refuses(NATS, {f"{CLAIM}.size": size}) for size in ("100Gi", "499.9Gi", "500G", "plenty", None)),
    refuses(NATS, {f"{CLAIM}.enabled": False}),
    refuses(NATS, {f"{CLAIM}.merge": {"spec": {"resources": SMALL_SPEC}}}, at=f"{CLAIM}.merge.spec.resources.requests.storage"),
    refuses(
        NATS,
        {f"{CLAIM}.patch": [{"op": "replace", "path": "/spec/resources", "value": SMALL_SPEC}]},
        at=f"{CLAIM}.patch[0].value.requests.storage",
    ),
    refuses(
        NATS,
        {"values.statefulSet.merge": {"spec": {"volumeClaimTemplates": [SMALL_CLAIM]}}},
        at="values.statefulSet.merge.spec.volumeClaimTemplates[0].spec.resources.requests.storage",
    ),
    accepts(SERVERS, beside=PLAIN),
    accepts(SERVERS, {TEMPLATES: [SMALL_CLAIM, LARGE_CLAIM]}, beside=PLAIN),
    accepts(SERVERS, {f"{POD}.containers[0].volumeMounts": None, TEMPLATES: [SMALL_CLAIM, LARGE_CLAIM]}, beside=PLAIN),
    *(
        accepts(SERVERS, {ARGS: arguments}, beside=PLAIN)
        for arguments in (["-c", "/etc/nats/nats.conf"], ["-js", "-sd", "/elsewhere"], ["-js", "-sd", "/data/jetstream"])
    ),
    *(accepts(SERVERS, {IMAGE: image, SIZE: "10Gi", "spec.replicas": 1.0}, beside=PLAIN) for image in OTHER_IMAGES),
    *(refuses(SERVERS, {IMAGE: image, SIZE: "10Gi"}, beside=PLAIN) for image in IMAGES),
    refuses(SERVERS, {f"{TEMPLATES}[0].spec.resources": None}, at=SIZE, beside=PLAIN),
    refuses(SERVERS, {TEMPLATES: None}, beside=PLAIN),
    refuses(SERVERS, {TEMPLATES: []}, beside=PLAIN),
    refuses(
        SERVERS,
        {TEMPLATES: [{**SMALL_CLAIM, "metadata": {"name": "js"}}, {**LARGE_CLAIM, "metadata": {"name": "other"}}]},
        at=SIZE,
        beside=PLAIN,
    ),
    undecided(NATS, "values"),
    undecided(NATS, "chart"),
    undecided(NATS, f"{CLAIM}.size"),
    undecided(NATS, JETSTREAM),
    undecided(SERVERS, IMAGE, beside=PLAIN),
    undecided(SERVERS, TEMPLATES, beside=PLAIN),
    undecided(SERVERS, SIZE, beside=PLAIN),
)
