from __future__ import annotations

from policies.rules.messaging.consumers import (
    cascade_engine_consumer_is_durable,
    nats_consumer_gives_up,
    nats_consumer_has_dead_letter_stream,
)
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.messaging.good import CONSUMER, DEAD_LETTERS, STREAM

MOST = "spec.maxDeliver"
BESIDE = [STREAM, DEAD_LETTERS]
ENGINE = changed(CONSUMER, {"metadata.name": "cascade-engine"})
BY_LABEL = changed(CONSUMER, {"metadata.labels": {"app.kubernetes.io/name": "cascade-engine"}})
OF_DEAD_LETTERS = {"spec.streamName": "orders-dlq", MOST: None}
MARKED = {"metadata.annotations": {"platform/dlq": "true"}, MOST: None}
NAMELESS = changed(STREAM, {"spec.name": UNKNOWN})

CASES = (
    *cases(
        nats_consumer_gives_up,
        accepts(CONSUMER, beside=BESIDE),
        *(accepts(CONSUMER, {MOST: most}, beside=BESIDE) for most in (1.0, "5")),
        *(accepts(CONSUMER, changes, beside=BESIDE) for changes in (OF_DEAD_LETTERS, MARKED)),
        *(refuses(CONSUMER, {MOST: most}, beside=BESIDE) for most in (-1.0, 0.0, None, "often")),
        undecided(CONSUMER, MOST, beside=BESIDE),
    ),
    *cases(
        nats_consumer_has_dead_letter_stream,
        accepts(CONSUMER, beside=BESIDE),
        accepts(CONSUMER, beside=[changed(DEAD_LETTERS, {"spec.name": None})]),
        accepts(CONSUMER, beside=[NAMELESS, DEAD_LETTERS]),
        accepts(STREAM),
        accepts(CONSUMER, OF_DEAD_LETTERS),
        refuses(CONSUMER, at="spec.streamName"),
        refuses(CONSUMER, at="spec.streamName", beside=[STREAM]),
        refuses(CONSUMER, at="spec.streamName", beside=[changed(DEAD_LETTERS, {"spec.name": "dlq-orders"})]),
        undecided(NAMELESS, "spec.name", beside=[CONSUMER]),
    ),
    *cases(
        cascade_engine_consumer_is_durable,
        accepts(CONSUMER, {"spec.ackWait": "10m", "spec.durableName": None, "spec.ackPolicy": "none"}, beside=BESIDE),
        *(accepts(each, beside=BESIDE) for each in (ENGINE, BY_LABEL)),
        *(accepts(ENGINE, {"spec.ackWait": wait}, beside=BESIDE) for wait in ("60s", "1m", None)),
        accepts(ENGINE, {"spec.backoff": ["5s", "10m"]}, beside=BESIDE),
        *(refuses(ENGINE, {"spec.ackWait": wait}, beside=BESIDE) for wait in ("61s", "2m", "soon")),
        refuses(ENGINE, {"spec.backoff": ["2m"]}, at="spec.backoff[0]", beside=BESIDE),
        refuses(ENGINE, {"spec.durableName": None}, beside=BESIDE),
        *(refuses(ENGINE, {"spec.ackPolicy": policy}, beside=BESIDE) for policy in ("none", "all", None)),
        refuses(CONSUMER, {"spec.streamName": "cascades", "spec.ackPolicy": "none"}, beside=BESIDE),
        *(undecided(ENGINE, f"spec.{field}", beside=BESIDE) for field in ("ackWait", "ackPolicy")),
    ),
)
