"""MSG-009: streams keep a week of messages, within limits that their servers' volumes can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from facts.duration import parse_duration
from facts.quantity import parse_quantity
from policies import nats as objects
from policies.charts import nats
from policies.charts.model import where_on
from policies.findings import Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.numeric import number
from policies.rules.messaging.brokers import addresses_of, serving
from policies.rules.messaging.servers import SERVER_TYPES, Servers, nats_container, servers_of, stream_claims
from policies.values import Value

WEEK: Final = "168h"
USABLE: Final = Decimal("0.85")
_GIB: Final = 2**30


@dataclass(frozen=True, kw_only=True)
class Load:
    """What a stream or bucket may fill on each of its servers, in bytes."""

    limit: Value
    each: Decimal


@rule("MSG-009", on=objects.STREAMS)
def nats_stream_keeps_a_week_within_a_limit(stream: Resource, _: Stack) -> Findings:
    """Written out: the controller's defaults are to keep messages for ever, without a limit, and to drop the oldest."""
    spec = stream["spec"]
    age = "the stream does not say that it keeps messages for seven days"
    yield from spec["maxAge"].must_be_at_least(WEEK, age, read=parse_duration)
    size = "nothing keeps the stream from filling the volumes of its servers"
    yield from spec["maxBytes"].must_satisfy(_is_limit, size, "Set spec.maxBytes to what one copy may hold, in bytes")
    full = "the stream does not say what happens when it is full"
    yield from spec["discard"].must_be_one_of(("new", "old"), full)


@stack_rule("MSG-009", on=(*objects.STREAMS, *objects.BUCKETS, *SERVER_TYPES))
def nats_streams_fit_on_their_volumes(resources: Sequence[Resource], _: Stack) -> Findings:
    """All copies of all streams and buckets with a limit, evenly over the servers, fill 85 % of their volumes at most."""
    running = [servers for resource in resources if (servers := servers_of(resource)) is not None]
    addresses = addresses_of(resources)
    holders = [resource for resource in resources if resource.type in (*objects.STREAMS, *objects.BUCKETS)]
    held = {holder.urn: {address.resource.urn for address in serving(holder, addresses)} for holder in holders}
    for servers in running:
        count, volume = _count(servers), _volume(servers)
        if count is None or volume is None:
            continue
        room = volume * USABLE
        loads = [load for holder in holders if servers.resource.urn in held[holder.urn] for load in _load(holder, count)]
        total = sum((load.each for load in loads), Decimal(0))
        if total > room:
            problem = f"the streams of {servers.resource.name} may fill {_in_gib(total)} of each volume, of which 85 % are {_in_gib(room)}"
            for load in [load for load in loads if load.each > room] or loads:
                yield from load.limit.refuse(problem, "Lower maxBytes, or enlarge the volumes")


def _load(holder: Resource, servers: Decimal) -> Iterator[Load]:
    """What one stream or bucket adds; nothing where it has no limit, is kept in memory or is unknown (noted)."""
    spec = holder["spec"]
    limit, copies = spec["maxBytes"], spec["replicas"]
    if limit.satisfies(_is_limit) and copies.satisfies(_is_count, default=1) and not spec["storage"].may_equal("memory"):
        yield Load(limit=limit, each=parse_quantity(limit.get()) * Decimal(number(copies.get(1))) / servers)


def _count(servers: Servers) -> Decimal | None:
    count = servers.replicas
    known = count.satisfies(_is_count, default=servers.default_replicas)
    return Decimal(number(count.get(servers.default_replicas))) if known else None


def _volume(servers: Servers) -> Decimal | None:
    """Bytes of the volume of each server, of several the largest; None where it is not written (MSG-007) or unknown (noted)."""
    return max((parse_quantity(size.get()) for size in _sizes(servers) if size.satisfies(_is_limit)), default=None)


def _sizes(servers: Servers) -> list[Value]:
    values = servers.values
    if values is None:
        container = nats_container(servers.resource)
        claims = [] if container is None else stream_claims(servers.resource, container)
    else:
        templates = nats.CLAIMS.override(values)
        if templates is None:
            place = where_on(nats.STREAMS.size.place(values), nats.STREAMS.switches, values)
            return [] if place is None else [place]
        claims = list(templates.each())
    return [claim.at("spec.resources.requests.storage") for claim in claims]


def _is_limit(content: Any) -> bool:
    return parse_quantity(content) > 0


def _is_count(content: Any) -> bool:
    return 1 <= number(content) < float("inf")


def _in_gib(amount: Decimal) -> str:
    return f"{amount / _GIB:.1f}Gi"
