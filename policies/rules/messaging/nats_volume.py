"""MSG-007: the volume of each NATS server holds seven days of messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from facts.quantity import parse_quantity
from policies.helm import RELEASE_TYPES, chart_values, switched_on
from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.rules.messaging.nats_chart import claim_size, claim_templates, is_nats, stores_files
from policies.rules.messaging.nats_server import STATEFUL_SETS, nats_container, stream_claims
from policies.values import Value

SMALLEST: Final = "500Gi"
"""100M messages a day, seven days, three replicas over three servers at about 650 bytes a message (MSG-007)."""
_CHART_DEFAULT: Final = "10Gi"
_CURE: Final = f"Give each server a volume of at least {SMALLEST}"


def _large_enough(size: Any) -> bool:
    return parse_quantity(size) >= parse_quantity(SMALLEST)


def _check(resource: Resource, _: Facts) -> Iterator[Finding]:
    yield from _check_release(resource) if resource.type in RELEASE_TYPES else _check_stateful_set(resource)


def _check_release(release: Resource) -> Iterator[Finding]:
    values = chart_values(release)
    # A file store that is off is MSG-010's finding: there is no volume to measure then.
    if not is_nats(release) or not stores_files(values):
        return
    claimed = values.at("config.jetstream.fileStore.pvc.enabled")
    size, templates = claim_size(values), claim_templates(values)
    if claimed.fails(switched_on(default=True)):
        yield violation(claimed, "the NATS servers keep their streams on no volume of their own: a restart loses them", _CURE)
    elif templates is not None:
        yield from _check_claims(templates, list(templates.each()))
    elif size.fails(lambda content: _large_enough(content or _CHART_DEFAULT)):
        problem = f"the volume of each NATS server is below {SMALLEST}, too small for seven days of messages"
        yield violation(size, problem if size.is_given else f"{problem}: the chart's default is {_CHART_DEFAULT}", _CURE)


def _check_stateful_set(stateful_set: Resource) -> Iterator[Finding]:
    container = nats_container(stateful_set)
    if container is not None:
        yield from _check_claims(stateful_set.inputs.at("spec.volumeClaimTemplates"), stream_claims(stateful_set, container))


def _check_claims(templates: Value, claims: Iterable[Value]) -> Iterator[Finding]:
    """Where it cannot be told which of several volumes holds the streams, one of the right size is enough."""
    sizes = [claim.at("spec.resources.requests.storage") for claim in claims]
    if not sizes:
        if not templates.is_unknown:
            yield violation(templates, "the NATS servers keep their streams on no volume of their own: a restart loses them", _CURE)
    elif all(size.fails(_large_enough) for size in sizes):
        yield violation(sizes[0], f"the volume of each NATS server is below {SMALLEST}, too small for seven days of messages", _CURE)


NATS_VOLUME_SIZE: Final = ResourceRule(
    name="nats-volume-holds-500gi", requirements=("MSG-007",), types=(*RELEASE_TYPES, *STATEFUL_SETS), check=_check
)
