from __future__ import annotations

from policies.rules.messaging.mirrors import nats_stream_is_mirrored_elsewhere
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.messaging.good import STREAM

MARKER = 'metadata.annotations["platform/dr-mirror"]'
ALONE = changed(STREAM, {MARKER: None})
MIRROR = good(
    STREAM.type,
    {**changed(ALONE, {"spec.name": "orders-copy", "spec.subjects": None, "spec.mirror": {"name": "orders"}}).properties},
    "orders-copy",
)
SOURCED = changed(MIRROR, {"spec.mirror": None, "spec.sources": [{"name": "billing"}, {"name": "orders"}]})

CASES = cases(
    nats_stream_is_mirrored_elsewhere,
    accepts(STREAM),
    accepts(STREAM, {MARKER: UNKNOWN}),
    *(accepts(ALONE, beside=[copy]) for copy in (MIRROR, SOURCED)),
    accepts(ALONE, {"spec.name": None}, beside=[MIRROR]),
    *(accepts(copy) for copy in (MIRROR, SOURCED)),
    *(refuses(STREAM, {MARKER: marker}) for marker in (None, "")),
    refuses(STREAM, {"metadata.annotations": None}, at=MARKER),
    refuses(ALONE, at=MARKER, beside=[changed(MIRROR, {"spec.mirror.name": "billing"})]),
    refuses(ALONE, at=MARKER, beside=[changed(SOURCED, {"spec.sources[1].filterSubject": "orders.placed"})]),
    undecided(MIRROR, "spec.mirror.name", beside=[ALONE]),
    undecided(MIRROR, "spec", beside=[ALONE]),
    undecided(ALONE, "spec.name", beside=[MIRROR]),
    undecided(ALONE, "spec.sources"),
)
