from __future__ import annotations

from policies.rules.messaging.retention import nats_stream_keeps_a_week_within_a_limit, nats_streams_fit_on_their_volumes
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import (
    BUCKET,
    BUDGET,
    CONFIG,
    COUNT,
    DEAD_LETTERS,
    JETSTREAM,
    NATS,
    PLAIN,
    RELEASE,
    SERVERS,
    SIZE,
    STREAM,
)

LIMIT = "spec.maxBytes"
VOLUME = f"{JETSTREAM}.fileStore.pvc.size"
GIB = 2.0**30
FULL = changed(STREAM, {LIMIT: 425 * GIB})
"""As much as 85 % of 500 GiB."""
LOGS = good(STREAM.type, {**changed(STREAM, {"metadata.name": "logs", "spec.name": "logs", LIMIT: GIB}).properties}, "logs")
ELSEWHERE = good(
    RELEASE,
    {**changed(NATS, {"name": "other", "values.fullnameOverride": "other", VOLUME: "501Gi"}).properties},
    "other",
)
HERE = {"spec.servers": ["nats://nats.messaging.svc:4222"]}
THERE = {"spec.servers": ["nats://other.messaging.svc:4222"]}

CASES = (
    *cases(
        nats_stream_keeps_a_week_within_a_limit,
        accepts(STREAM),
        *(accepts(STREAM, {"spec.maxAge": age}) for age in ("7d", "720h0m0s", "30d", "10080m")),
        accepts(STREAM, {"spec.discard": "old"}),
        *(refuses(STREAM, {"spec.maxAge": age}) for age in ("167h", "6d", "0", "0s", "", "week", None)),
        *(refuses(STREAM, {LIMIT: limit}) for limit in (-1.0, 0.0, None, "much")),
        *(refuses(STREAM, {"spec.discard": what}) for what in (None, "")),
        *(undecided(STREAM, f"spec.{field}") for field in ("maxAge", "maxBytes", "discard")),
    ),
    *cases(
        nats_streams_fit_on_their_volumes,
        accepts(STREAM, beside=[NATS, BUCKET]),
        accepts(FULL, beside=[NATS]),
        accepts(FULL, {"spec.replicas": 3.0, LIMIT: 700 * GIB}, beside=[changed(NATS, {COUNT: 5.0})]),
        accepts(FULL, beside=PLAIN[:2]),
        accepts(FULL, beside=[SERVERS, BUDGET, CONFIG]),
        accepts(FULL, HERE, beside=[NATS, ELSEWHERE, changed(LOGS, THERE)]),
        accepts(BUCKET, {LIMIT: 600 * GIB, "spec.storage": "memory"}, beside=[NATS]),
        refuses(STREAM, {LIMIT: 426 * GIB}, beside=[NATS]),
        refuses(STREAM, {LIMIT: 426 * GIB}, beside=[NATS, DEAD_LETTERS, LOGS]),
        refuses(STREAM, {LIMIT: "426Gi"}, beside=[SERVERS, BUDGET, CONFIG]),
        refuses(STREAM, {**THERE, LIMIT: 426 * GIB}, beside=[NATS]),
        refuses(STREAM, {**HERE, LIMIT: 426 * GIB}, beside=[NATS, ELSEWHERE]),
        refuses(BUCKET, {LIMIT: 500 * GIB}, beside=[NATS, STREAM]),
        undecided(STREAM, LIMIT, beside=[NATS]),
        undecided(NATS, VOLUME, beside=[STREAM]),
        undecided(NATS, COUNT, beside=[STREAM]),
        undecided(SERVERS, SIZE, beside=PLAIN),
    ),
)
