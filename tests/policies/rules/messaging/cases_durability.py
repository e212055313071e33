from __future__ import annotations

from policies.findings import Level
from policies.rules.messaging.durability import nats_flushes_before_acknowledging_where_rpo_is_zero, nats_keeps_streams_on_disk
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import (
    BUDGET,
    CONFIG,
    CONFIG_TEXT,
    CORE_NATS,
    JETSTREAM,
    NATS,
    NATS_V4,
    OTHER_CHART,
    PLAIN,
    RELEASE,
    RPO,
    SERVERS,
    STATEFUL_SET,
    STREAM,
    SYNC,
    UNDECLARED,
    UNSYNCED,
)

MERGE = f"{JETSTREAM}.merge"
LABEL = {"values.global": {"labels": {"platform/rpo": "0"}}}
ANNOTATION = {"values.statefulSet": {"merge": {"metadata": {"annotations": {"platform/rpo": "0s"}}}}}
ORDERS = good(RELEASE, {**changed(NATS, {"name": "orders", "values.fullnameOverride": "orders"}).properties}, "orders")
LOOSE_ORDERS = good(RELEASE, {**changed(ORDERS, {MERGE: None}).properties}, "orders")
LOOSE_LOGS = good(RELEASE, {**changed(UNSYNCED, {"name": "logs"}).properties}, "logs")
ELSEWHERE = good(RELEASE, {**changed(UNSYNCED, {"namespace": "logging"}).properties}, "other")
BUS = good(RELEASE, {**changed(UNSYNCED, {"namespace": "logging", "name": "bus"}).properties}, "bus")
TWO = good(RELEASE, UNSYNCED.properties, "two")
PAYMENTS = good(STREAM.type, STREAM.properties, "payments")
UNNAMED_CONFIG = changed(CONFIG, {"metadata.name": UNKNOWN, CONFIG_TEXT: "jetstream {}"})
FOLLOWING = good(STATEFUL_SET, SERVERS.properties, "nats", after=[CONFIG.urn])
SYNCED_TEXTS = (
    'jetstream { "sync_interval": "always" }',
    "jetstream {\n sync_interval = always\n}",
    "jetstream {\n sync_interval always\n}",
    "port: 4222",
)
LOOSE_TEXTS = ("jetstream {\n # sync_interval: always\n}", "jetstream {\n sync_interval: 2m // always\n}", "jetstream: enabled")

CASES = (
    *cases(
        nats_keeps_streams_on_disk,
        accepts(NATS, beside=[STREAM]),
        accepts(CORE_NATS),
        accepts(OTHER_CHART),
        accepts(NATS, {f"{JETSTREAM}.fileStore.enabled": None}),
        refuses(NATS, {f"{JETSTREAM}.fileStore.enabled": False}),
        undecided(NATS, f"{JETSTREAM}.fileStore.enabled"),
        undecided(NATS, "chart"),
    ),
    *cases(
        nats_flushes_before_acknowledging_where_rpo_is_zero,
        accepts(NATS, beside=[STREAM]),
        accepts(NATS_V4, beside=[STREAM]),
        accepts(STREAM),
        accepts(UNDECLARED),
        accepts(NATS, {SYNC: "<< always >>"}, beside=[STREAM]),
        accepts(NATS, {f"{JETSTREAM}.patch": [{"op": "add", "path": "/sync_interval", "value": "Always"}]}, beside=[STREAM]),
        accepts(NATS, {MERGE: None, "values.config.merge": {"jetstream": {"sync_interval": "always"}}}, beside=[STREAM]),
        accepts(NATS, {f"{JETSTREAM}.memoryStore": {"enabled": True}}, beside=[STREAM]),
        *(accepts(STREAM, {RPO: rpo}, beside=[UNSYNCED]) for rpo in ("5m", "10s", "PT5M", "1h0m0s", "0.5s")),
        *(accepts(NATS, {SYNC: interval}, beside=[UNDECLARED]) for interval in ("always", "10s")),
        *(accepts(NATS, claim) for claim in (LABEL, ANNOTATION)),
        *(
            accepts(STREAM, {"spec.servers": [server]}, beside=[ORDERS, LOOSE_LOGS])
            for server in ("nats://orders.messaging.svc:4222", "orders:4222", "nats://orders-headless.messaging:4222")
        ),
        accepts(STREAM, {"spec.servers": ["nats://nats.messaging:4222"]}, beside=[NATS, ELSEWHERE]),
        accepts(SERVERS, beside=PLAIN),
        *(accepts(SERVERS, beside=[BUDGET, changed(CONFIG, {"data": {"nats.conf": text}}), STREAM]) for text in SYNCED_TEXTS),
        accepts(SERVERS, beside=[BUDGET, changed(CONFIG, {"metadata.name": "unrelated", CONFIG_TEXT: "jetstream {}"}), STREAM]),
        refuses(NATS, {SYNC: "2m"}, beside=[STREAM]),
        refuses(NATS, {MERGE: None}, at=SYNC, beside=[STREAM]),
        refuses(
            NATS,
            {"values.config.merge": {"jetstream": {"sync_interval": "10s"}}},
            at="values.config.merge.jetstream.sync_interval",
            beside=[STREAM],
        ),
        *(refuses(UNSYNCED, at=SYNC, beside=[changed(STREAM, {RPO: rpo})]) for rpo in ("0", "0s", "0m0s", "0.0", 0.0, "PT0S", "0 minutes")),
        refuses(UNSYNCED, at=SYNC, beside=[changed(UNDECLARED, {"metadata.labels": {"platform/rpo": "0s"}})]),
        refuses(UNSYNCED, at=SYNC, beside=[changed(STREAM, {"spec.servers": UNKNOWN})]),
        refuses(UNSYNCED, at=SYNC, beside=[STREAM, PAYMENTS]),
        refuses(UNSYNCED, at=SYNC, beside=[STREAM, UNDECLARED]),
        *(refuses(UNSYNCED, claim, at=SYNC) for claim in (LABEL, ANNOTATION)),
        refuses(NATS, LABEL | {f"{JETSTREAM}.memoryStore.enabled": True}),
        *(
            refuses(LOOSE_ORDERS, at=SYNC, beside=[LOOSE_LOGS, changed(STREAM, {"spec.servers": [server]})])
            for server in ("nats://orders.messaging.svc:4222", "orders:4222", "nats://orders-headless.messaging:4222")
        ),
        refuses(TWO, at=SYNC, beside=[NATS, STREAM]),
        refuses(BUS, at=SYNC, beside=[NATS, changed(STREAM, {"spec.servers": ["bus-nats.logging.svc:4222"]})]),
        *(refuses(CONFIG, {"data": {"nats.conf": text}}, at=CONFIG_TEXT, beside=[SERVERS, BUDGET, STREAM]) for text in LOOSE_TEXTS),
        refuses(UNNAMED_CONFIG, at=CONFIG_TEXT, beside=[FOLLOWING, BUDGET, STREAM]),
        refuses(UNDECLARED, at=RPO, beside=[UNSYNCED], level=Level.ADVISORY),
        undecided(NATS, SYNC, beside=[STREAM]),
        undecided(STREAM, RPO, beside=[UNSYNCED]),
        undecided(STREAM, "metadata.annotations", beside=[UNSYNCED]),
        undecided(STREAM, "spec.servers", beside=[ORDERS, LOOSE_LOGS]),
        undecided(CONFIG, CONFIG_TEXT, beside=[SERVERS, BUDGET, STREAM]),
    ),
)
