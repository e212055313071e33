"""MSG-008 and MSG-010: every stream is on disk, on three servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.numeric import number

STREAM_TYPE: Final = "kubernetes:jetstream.nats.io/v1beta2:Stream"
REPLICAS: Final = 3


def _check_replicas(stream: Resource, _: Facts) -> Iterator[Finding]:
    replicas = stream.inputs.at("spec.replicas")
    # The custom resource's default is one replica; mirrors are exempt from MSG-011 alone.
    if replicas.fails(lambda count: number(1 if count is None else count) == REPLICAS):
        yield violation(
            replicas, "the stream is not held by three servers: it has no quorum after the loss of one", "Set spec.replicas to 3"
        )


def _check_storage(stream: Resource, _: Facts) -> Iterator[Finding]:
    storage = stream.inputs.at("spec.storage")
    if storage.is_not("file"):
        problem = "the stream is kept in memory (the default of the custom resource): acknowledged messages do not survive a restart"
        yield violation(storage, problem, 'Set spec.storage to "file"')


STREAM_REPLICAS: Final = ResourceRule(
    name="nats-stream-has-three-replicas", requirements=("MSG-008",), types=(STREAM_TYPE,), check=_check_replicas
)
STREAM_STORAGE: Final = ResourceRule(
    name="nats-stream-is-stored-on-disk", requirements=("MSG-008", "MSG-010"), types=(STREAM_TYPE,), check=_check_storage
)
