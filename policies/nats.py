"""The objects of the JetStream controller, in every API version that has served them."""

from __future__ import annotations

from typing import Final

_VERSIONS: Final = ("v1beta2", "v1beta1")


def _tokens_of(kind: str) -> tuple[str, ...]:
    return tuple(f"kubernetes:jetstream.nats.io/{version}:{kind}" for version in _VERSIONS)


STREAMS: Final = _tokens_of("Stream")
CONSUMERS: Final = _tokens_of("Consumer")
BUCKETS: Final = (*_tokens_of("KeyValue"), *_tokens_of("ObjectStore"))
"""Streams, too, under names and limits of their own."""

DEAD_LETTERS: Final = "-dlq"
"""How the names of streams that keep dead letters end."""
