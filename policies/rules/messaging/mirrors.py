"""MSG-011 and DR-007: each stream has a copy in a second failure domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies import nats
from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.values import Value

MIRROR_MARKER: Final = "platform/dr-mirror"


@stack_rule("MSG-011", "DR-007", on=nats.STREAMS)
def nats_stream_is_mirrored_elsewhere(streams: Sequence[Resource], _: Stack) -> Findings:
    """By a mirror of the same stack, or in the stack that an annotation names. What is a copy itself is left out."""
    copied = [origin for stream in streams for origin in _origins(stream)]
    for stream in streams:
        marker = stream.at("metadata.annotations")[MIRROR_MARKER]
        if not _is_copy(stream) and not marker.is_present and not _may_be_copied(stream, copied):
            problem = "the stream has no mirror: the loss of its region is the loss of its messages"
            cure = f"Mirror it in a second cluster and annotate it with {MIRROR_MARKER}: the stack that holds the mirror"
            yield from marker.must_be_set(problem, cure=cure)


def _is_copy(stream: Resource) -> bool:
    """Whether a stream copies another, or may once its spec is known."""
    mirror, sources = stream.at("spec.mirror"), stream.at("spec.sources")
    return mirror.is_present or mirror.is_unknown or sources.is_unknown or any(True for _ in sources.each())


def _origins(stream: Resource) -> list[Value]:
    """Where the names of what a stream copies as a whole stand."""
    sources = [source for source in stream.at("spec.sources").each() if source["filterSubject"].is_absent]
    return [part["name"] for part in (stream.at("spec.mirror"), *sources) if part.is_present or part.is_unknown]


def _may_be_copied(stream: Resource, copied: Sequence[Value]) -> bool:
    if not copied:
        return False
    named = stream.at("spec.name")
    name = stream.at("metadata.name") if named.is_absent else named
    return name.is_unknown or any(origin.may_equal(name.get()) for origin in copied)
