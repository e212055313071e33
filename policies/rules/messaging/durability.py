"""MSG-010: where no acknowledged message may be lost, it is on disk before it is acknowledged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from policies.helm import RELEASE_TYPES, chart_values, is_on
from policies.model import Facts, Finding, Level, Resource, ResourceRule, StackRule, violation
from policies.rules.messaging.brokers import CONFIG_MAP_TYPE, RPO_MARKER, Broker, brokers_of, recovery_points, serving
from policies.rules.messaging.nats_chart import is_nats, uses_jetstream
from policies.rules.messaging.nats_server import STATEFUL_SETS
from policies.rules.messaging.streams import STREAM_TYPE
from policies.values import UNKNOWN, Value

_CURE: Final = 'Set sync_interval to "always" (config.jetstream.merge.sync_interval of the chart)'
_RAW_CONFIG: Final = re.compile(r"<<\s+(.*?)\s+>>")
"""The chart's notation for text that goes into the configuration without quotes."""


def _check_file_store(release: Resource, _: Facts) -> Iterator[Finding]:
    values = chart_values(release)
    enabled = values.at("config.jetstream.fileStore.enabled")
    if is_nats(release) and uses_jetstream(values) and not is_on(enabled, default=True):
        yield violation(
            enabled, "JetStream has no file store: no message survives a restart", "Set config.jetstream.fileStore.enabled to true"
        )


def _check_sync(resources: Sequence[Resource], _: Facts) -> Iterator[Finding]:
    brokers = brokers_of(resources)
    streams = [resource for resource in resources if resource.type == STREAM_TYPE]
    declared = {stream.urn: recovery_points(stream) for stream in streams}
    refused: list[Broker] = []
    for broker in brokers:
        own = [place for place in recovery_points(broker.resource) if _is_zero(place)]
        claims = [stream.name for stream in streams if broker in serving(stream, brokers) and any(map(_is_zero, declared[stream.urn]))]
        if (own or claims) and not _flushes_always(broker.interval):
            refused.append(broker)
            claimant = f"stream {claims[0]}" if claims else own[0].path
            problem = f"{claimant} claims an RPO of zero, but JetStream acknowledges before it flushes to disk (every 2 minutes by default)"
            yield violation(broker.sync, problem, _CURE, urn=broker.holder.urn)
        if own and broker.resource.type in RELEASE_TYPES:
            yield from _check_memory(broker)
    for stream in streams:
        if declared[stream.urn]:
            continue
        loose = [broker for broker in serving(stream, brokers) if broker.interval is None and broker not in refused]
        if loose:
            place = stream["metadata"]["annotations"][RPO_MARKER]
            problem = f"the stream declares no RPO and {loose[0].resource.name} leaves sync_interval out: 2 minutes of messages may be lost"
            cure = f'Annotate the stream with {RPO_MARKER}, or set sync_interval to "always"'
            yield violation(place, problem, cure, level=Level.ADVISORY, urn=stream.urn)


def _check_memory(broker: Broker) -> Iterator[Finding]:
    memory = chart_values(broker.resource).at("config.jetstream.memoryStore.enabled")
    if is_on(memory, default=False):
        problem = "servers that claim an RPO of zero offer a memory store: what is kept there does not survive a restart"
        yield violation(memory, problem, "Set config.jetstream.memoryStore.enabled to false", urn=broker.resource.urn)


def _is_zero(place: Value) -> bool:
    """Whether a known duration is zero in whatever notation: ``0``, ``0s``, ``0h0m0s``, ``PT0S``."""
    digits = re.sub(r"\D", "", str(place.raw))
    return bool(digits) and not digits.strip("0")


def _flushes_always(interval: Any) -> bool:
    """The server compares without case; an unknown interval is reported as undecided where it was read."""
    if interval is UNKNOWN:
        return True
    return isinstance(interval, str) and _RAW_CONFIG.sub(r"\1", interval).lower() == "always"


FILE_STORE: Final = ResourceRule(name="nats-keeps-streams-on-disk", requirements=("MSG-010",), types=RELEASE_TYPES, check=_check_file_store)
ZERO_LOSS: Final = StackRule(
    name="nats-flushes-before-acknowledging-where-rpo-is-zero",
    requirements=("MSG-010",),
    types=(*RELEASE_TYPES, *STATEFUL_SETS, CONFIG_MAP_TYPE, STREAM_TYPE),
    check=_check_sync,
)
