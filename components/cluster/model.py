"""What the settings of clusters share, whichever cloud runs them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from ipaddress import IPv4Network
from typing import Final

from pydantic import Field

from components.models.scalars import LabelKey, LabelValue
from components.models.section import Contradiction, Section
from facts.addresses import count_addresses
from facts.taints import TaintEffect

# No organisation has a wider range of its own.
WIDEST_CALLER: Final = 8
# As many as a /8 and a /9 have: the private ranges of RFC 1918 together, and nothing like half of the internet.
MOST_ADDRESSES: Final = 2**24 + 2**23


class TaintSettings(Section):
    """A taint of every node of a group."""

    key: LabelKey = Field(description="The taint's key.")
    value: LabelValue = Field(default="", description="The taint's value.")
    effect: TaintEffect = Field(default=TaintEffect.NO_SCHEDULE, description="What happens to pods that do not tolerate it.")


def repels_nothing(taints: Sequence[TaintSettings]) -> bool:
    """Whether pods that tolerate nothing may run on nodes with these taints."""
    return all(taint.effect is TaintEffect.PREFER_NO_SCHEDULE for taint in taints)


def check_marks(labels: Collection[str], taints: Sequence[TaintSettings], *, reserved: Sequence[str]) -> Iterator[Contradiction]:
    """Keys of labels and taints within ``reserved`` domains, and taints that stand twice."""
    problem = f"the key is reserved for Kubernetes or its cloud; allowed are keys outside of {', '.join(reserved)}"
    for key in labels:
        if _is_within(key, reserved):
            yield ("labels", key), problem
    seen: set[tuple[str, TaintEffect]] = set()
    for place, taint in enumerate(taints):
        if _is_within(taint.key, reserved):
            yield ("taints", place, "key"), problem
        if (taint.key, taint.effect) in seen:
            yield ("taints", place), f"{taint.key} has the effect {taint.effect} twice; name it once"
        seen.add((taint.key, taint.effect))


def too_open(field: str, cidrs: Sequence[IPv4Network]) -> Iterator[Contradiction]:
    """Ranges that let in more than any organisation has, one by one or together."""
    wide = [(place, cidr) for place, cidr in enumerate(cidrs) if cidr.prefixlen < WIDEST_CALLER]
    for place, cidr in wide:
        yield (field, place), f"{cidr} lets in {cidr.num_addresses:,} addresses; allowed are /{WIDEST_CALLER} and narrower, or none"
    if not wide and (count := count_addresses(cidrs)) > MOST_ADDRESSES:
        yield (field,), f"together these let in {count:,} addresses; allowed are {MOST_ADDRESSES:,}: name the networks that may come"


def _is_within(key: str, domains: Sequence[str]) -> bool:
    domain = key.rpartition("/")[0]
    return any(domain == reserved or domain.endswith(f".{reserved}") for reserved in domains)
