from __future__ import annotations

from policies.rules.messaging.streams import nats_stream_has_three_replicas, nats_stream_is_stored_on_disk
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.messaging.good import NATS, STREAM

CASES = (
    *cases(
        nats_stream_has_three_replicas,
        accepts(STREAM),
        refuses(STREAM, {"spec.replicas": 1.0}, beside=[NATS]),
        refuses(STREAM, {"spec.replicas": 5.0}),
        refuses(STREAM, {"spec.replicas": None}),
        refuses(STREAM, {"spec.mirror": {"name": "orders"}, "spec.replicas": 1.0}),
        undecided(STREAM, "spec.replicas"),
    ),
    *cases(
        nats_stream_is_stored_on_disk,
        accepts(STREAM),
        refuses(STREAM, {"spec.storage": "memory"}, beside=[NATS]),
        refuses(STREAM, {"spec.storage": None}),
        undecided(STREAM, "spec.storage"),
    ),
)
