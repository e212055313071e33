"""MSG-007: the volume of each NATS server holds seven days of messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from facts.quantity import parse_quantity
from policies.charts import nats
from policies.charts.model import where_on
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.messaging.servers import SERVER_TYPES, STATEFUL_SETS, nats_container, nats_values, stream_claims
from policies.values import Value

SMALLEST: Final = "500Gi"
"""100M messages a day, seven days, three replicas over three servers at about 650 bytes a message (MSG-007)."""
_CURE: Final = f"Give each server a volume of at least {SMALLEST}"
_TOO_SMALL: Final = f"the volume of each NATS server is below {SMALLEST}, too small for seven days of messages"
_NO_VOLUME: Final = "the NATS servers keep their streams on no volume of their own: a restart loses them"


@rule("MSG-007", on=SERVER_TYPES)
def nats_volume_holds_500gi(resource: Resource, _: Stack) -> Findings:
    """By the size of the claim that holds the streams; a release without a file store is a finding of MSG-010."""
    values = nats_values(resource)
    if values is not None:
        return _check_release(values)
    container = nats_container(resource) if resource.type in STATEFUL_SETS else None
    return () if container is None else _check_claims(resource.at("spec.volumeClaimTemplates"), stream_claims(resource, container))


def _check_release(values: Value) -> Findings:
    *stores, claimed = nats.STREAMS.switches
    switch = where_on(claimed.place(values), stores, values)
    if switch is None:
        return ()
    off = switch.must_satisfy(bool, _NO_VOLUME, _CURE, default=claimed.default)
    templates = nats.CLAIMS.override(values)
    if off:
        return off
    if templates is not None:
        return _check_claims(templates, list(templates.each()))
    knob = nats.STREAMS.size
    size = where_on(knob.place(values), nats.STREAMS.switches, values)
    return () if size is None else size.must_be_at_least(SMALLEST, _TOO_SMALL, read=parse_quantity, default=knob.default, cure=_CURE)


def _check_claims(templates: Value, claims: Sequence[Value]) -> Findings:
    """Where it cannot be told which of several volumes holds the streams, one of the right size is enough."""
    if not claims:
        return () if templates.is_unknown else templates.refuse(_NO_VOLUME, _CURE)
    refused = [
        claim.at("spec.resources.requests.storage").must_be_at_least(SMALLEST, _TOO_SMALL, read=parse_quantity, cure=_CURE)
        for claim in claims
    ]
    return refused[0] if all(refused) else ()
