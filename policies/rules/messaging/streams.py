"""MSG-008 and MSG-010: every stream is on disk, on three servers."""

from __future__ import annotations

from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule

STREAM_TYPE: Final = "kubernetes:jetstream.nats.io/v1beta2:Stream"
REPLICAS: Final = 3


@rule("MSG-008", on=STREAM_TYPE)
def nats_stream_has_three_replicas(stream: Resource, _: Stack) -> Findings:
    """The custom resource's default is one; mirrors are exempt from MSG-011 alone."""
    problem = "the stream is not held by three servers: it has no quorum after the loss of one"
    replicas = stream.at("spec.replicas")
    return replicas.must_be_at_least(REPLICAS, problem, default=1, cure="Set spec.replicas to 3") or replicas.must_be_at_most(
        REPLICAS, "more than three copies of each message fill volumes that are measured for three", cure="Set spec.replicas to 3"
    )


@rule("MSG-008", "MSG-010", on=STREAM_TYPE)
def nats_stream_is_stored_on_disk(stream: Resource, _: Stack) -> Findings:
    """Memory is the default of the custom resource."""
    yield from stream.at("spec.storage").must_equal(
        "file", "the stream is kept in memory: acknowledged messages do not survive a restart", default="memory"
    )
