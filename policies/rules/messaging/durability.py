"""MSG-010 and DR-001: where no acknowledged message may be lost, it is on disk before it is acknowledged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from policies import nats as objects
from policies.charts import nats
from policies.config_maps import CONFIG_MAP_TYPE
from policies.findings import Finding, Findings, Level
from policies.helm import RELEASE_TYPES
from policies.model import Resource, Stack, rule, stack_rule
from policies.recovery import RPO_MARKER
from policies.rules.messaging.brokers import Broker, brokers_of, serving
from policies.rules.messaging.recovery_points import is_zero, recovery_points
from policies.rules.messaging.servers import STATEFUL_SETS, nats_values
from policies.values import UNKNOWN

_CURE: Final = 'Set sync_interval to "always" (config.jetstream.merge.sync_interval of the chart)'
_RAW_CONFIG: Final = re.compile(r"<<\s+(.*?)\s+>>")
"""The chart's notation for text that goes into the configuration without quotes."""


@rule("MSG-010", on=RELEASE_TYPES)
def nats_keeps_streams_on_disk(release: Resource, _: Stack) -> Findings:
    """JetStream without a file store keeps everything in memory."""
    values = nats_values(release)
    if values is None or not nats.JETSTREAM.is_on(values):
        return ()
    return nats.FILE_STORE.must_be_on(values, "JetStream has no file store: no message survives a restart")


@stack_rule("MSG-010", "DR-001", on=(*RELEASE_TYPES, *STATEFUL_SETS, CONFIG_MAP_TYPE, *objects.STREAMS))
def nats_flushes_before_acknowledging_where_rpo_is_zero(resources: Sequence[Resource], _: Stack) -> Findings:
    """A stream or its broker claims an RPO of zero; where nobody says anything, the two minutes that may be lost are advice."""
    brokers = brokers_of(resources)
    streams = [resource for resource in resources if resource.type in objects.STREAMS]
    declared = {stream.urn: recovery_points(stream) for stream in streams}
    refused: list[Broker] = []
    for broker in brokers:
        own = [place for place in recovery_points(broker.resource) if is_zero(place)]
        claims = [stream.name for stream in streams if broker in serving(stream, brokers) and any(map(is_zero, declared[stream.urn]))]
        if (own or claims) and not _may_flush_always(broker.interval):
            refused.append(broker)
            claimant = f"stream {claims[0]}" if claims else own[0].path
            problem = f"{claimant} claims an RPO of zero, but JetStream acknowledges before it flushes to disk (every 2 minutes by default)"
            yield from broker.sync.refuse(problem, _CURE)
        if own:
            yield from _check_memory(broker)
    for stream in streams:
        if not declared[stream.urn]:
            yield from _advise(stream, [broker for broker in serving(stream, brokers) if broker not in refused])


def _check_memory(broker: Broker) -> Iterator[Finding]:
    values = nats_values(broker.resource)
    memory = None if values is None else nats.MEMORY_STORE.place(values)
    if memory is not None:
        problem = "servers that claim an RPO of zero offer a memory store: what is kept there does not survive a restart"
        yield from memory.must_satisfy(lambda content: not content, problem, f"Set {memory.path} to false")


def _advise(stream: Resource, brokers: Sequence[Broker]) -> Findings:
    loose = [broker.resource.name for broker in brokers if broker.interval is None]
    if not loose:
        return ()
    problem = f"the stream does not declare an RPO and {loose[0]} leaves sync_interval out: 2 minutes of messages may be lost"
    cure = f'Annotate the stream with {RPO_MARKER}, or set sync_interval to "always"'
    return stream["metadata"]["annotations"][RPO_MARKER].refuse(problem, cure, level=Level.ADVISORY)


def _may_flush_always(interval: Any) -> bool:
    """The server compares without case; an unknown interval is reported as undecided where it was read."""
    if interval is UNKNOWN:
        return True
    return isinstance(interval, str) and _RAW_CONFIG.sub(r"\1", interval).lower() == "always"
