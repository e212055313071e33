"""MSG-008, MSG-010 and DR-001: every stream is on disk, on three servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies import nats
from policies.findings import Finding, Findings
from policies.model import Resource, Stack, rule
from policies.numeric import number
from policies.rules.messaging.recovery_points import claims_zero, narrow

REPLICAS: Final = 3


@rule("MSG-008", "DR-001", on=nats.STREAMS)
def nats_stream_has_three_replicas(stream: Resource, _: Stack) -> Findings:
    """The custom resource's default is one; mirrors are exempt from MSG-011 alone."""
    problem = "the stream is not held by three servers: it has no quorum after the loss of one"
    replicas = stream.at("spec.replicas")
    yield from _as_claimed(stream, replicas.must_be_at_least(REPLICAS, problem, default=1, cure="Set spec.replicas to 3"), "MSG-008")
    more = "more than three copies of each message fill volumes that are measured for three"
    if replicas.satisfies(lambda count: number(count) > REPLICAS):
        yield from narrow(replicas.refuse(more, "Set spec.replicas to 3"), "MSG-008")


@rule("MSG-008", "MSG-010", "DR-001", on=nats.STREAMS)
def nats_stream_is_stored_on_disk(stream: Resource, _: Stack) -> Findings:
    """Memory is the default of the custom resource."""
    problem = "the stream is kept in memory: acknowledged messages do not survive a restart"
    return _as_claimed(stream, stream.at("spec.storage").must_equal("file", problem, default="memory"), "MSG-008", "MSG-010")


def _as_claimed(stream: Resource, found: Sequence[Finding], *otherwise: str) -> Sequence[Finding]:
    """Findings about a stream, which are of DR-001, too, where it claims to lose nothing."""
    return found if not found or claims_zero(stream) else narrow(found, *otherwise)
