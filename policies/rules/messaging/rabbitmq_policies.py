"""Policies of RabbitMQ: which queues they apply to, and what those get from them."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from policies import rabbitmq
from policies.model import Resource
from policies.numeric import number
from policies.urns import type_of
from policies.values import UNKNOWN, Value

_KINDS: Final = {"classic_queues": "classic", "quorum_queues": "quorum", "streams": "stream"}
_NOT_QUEUES: Final = frozenset({"exchanges"})
_NOTHING: Final = re.compile(r"(?!)")
_LATER: Final = "it counts only where it turns the answer, and is noted there"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A policy of a broker.

    Operator policies are not asked for: RabbitMQ does not let them set a dead-letter exchange.
    """

    resource: Resource
    settings: Value
    vhost: Value

    @property
    def priority(self) -> float:
        """Which of several policies applies: the highest; zero where it is not set or not known."""
        try:
            return number(self.settings["priority"].peek(_LATER) or 0)
        except (TypeError, ValueError):
            return 0

    @property
    def sets_exchange(self) -> bool | None:
        """Whether it sets a dead-letter exchange; None while what it defines is unknown."""
        definition = self.settings["definition"]
        return None if definition.peek(_LATER) is UNKNOWN else names_exchange(definition, "dead-letter")

    def may_outrank(self, highest: float | None) -> bool:
        """Whether it may be what applies beside policies of the priority ``highest``."""
        return highest is None or self.settings["priority"].peek(_LATER) is UNKNOWN or self.priority >= highest

    @cached_property
    def _expression(self) -> re.Pattern[str] | None:
        """What a queue's name has to match; None where that is unknown. A pattern that cannot be read matches nothing."""
        pattern = self.settings["pattern"].peek(_LATER)
        try:
            return None if pattern is UNKNOWN else re.compile(str(pattern))
        except (re.error, RecursionError, OverflowError):
            return _NOTHING

    def doubts(self, queue: Resource) -> Sequence[Value] | None:
        """The unknown places that decide whether it applies to a queue, and with what; None where it does not, whatever they are."""
        # Of many policies and queues few belong together: their names come first.
        name = _name(queue)
        text = name.peek(_LATER)
        if text is not UNKNOWN and self._expression is not None and not self._expression.search(str(text or queue.name)):
            return None
        kind, vhost, scope = type_of_queue(queue), _vhost(queue), self.settings["applyTo"]
        references = self._references(queue)
        if (
            not all(_may_be(one, other, "default") for one, other in references)
            or not _may_be(self.vhost, vhost, "/")
            or not _fits(scope, kind)
        ):
            return None
        asked = (self.settings["pattern"], name, scope, self.vhost, vhost, self.settings["priority"], self.settings["definition"])
        return [place for place in (*asked, *itertools.chain(*references)) if place.peek(_LATER) is UNKNOWN]

    def _references(self, queue: Resource) -> Sequence[tuple[Value, Value]]:
        """What has to be equal for both to be of one cluster, where no dependency on a cluster tells.

        Objects of the provider belong to the broker that it is configured for.
        """
        if _is_declared(queue) or _clusters(self.resource) & _clusters(queue):
            return ()
        mine, theirs = self.settings["rabbitmqClusterReference"], queue.at("spec.rabbitmqClusterReference")
        pairs = [(mine.at(key), theirs.at(key)) for key in ("name", "connectionSecret.name")]
        homes = _home(self.resource, mine), _home(queue, theirs)
        return [*pairs, homes]


def policy_of(resource: Resource) -> Policy:
    """A policy as the operator or the provider declares it."""
    if resource.type == rabbitmq.PROVIDER_POLICY:
        return Policy(resource=resource, settings=resource["policy"], vhost=resource["vhost"])
    return Policy(resource=resource, settings=resource["spec"], vhost=resource.at("spec.vhost"))


def arguments_of(queue: Resource) -> Value:
    """The arguments of a queue; those that the provider takes as JSON are read."""
    if not _is_declared(queue):
        return queue.at("spec.arguments")
    text = queue.at("settings.argumentsJson")
    if not queue.at("settings.arguments").is_absent or not text.is_given:
        return text if text.is_unknown else queue.at("settings.arguments")
    try:
        content = json.loads(text.text())
    except (ValueError, RecursionError):
        content = {}
    return Value(content, text.path, queue.trace, secret=text.is_secret)


def type_of_queue(queue: Resource) -> Value:
    """Where the type of a queue stands, or would stand."""
    kind, argument = queue.at("spec.type"), arguments_of(queue)["x-queue-type"]
    return argument if _is_declared(queue) or kind.is_absent else kind


def names_exchange(definition: Value, prefix: str) -> bool:
    """Whether arguments or a definition name a dead-letter exchange; the nameless one needs a routing key that names the queue."""
    exchange = definition[f"{prefix}-exchange"]
    return exchange.is_present or (exchange.equals("") and definition[f"{prefix}-routing-key"].is_present)


def _is_declared(queue: Resource) -> bool:
    return queue.type == rabbitmq.PROVIDER_QUEUE


def _name(queue: Resource) -> Value:
    return queue["name"] if _is_declared(queue) else queue.at("spec.name")


def _vhost(queue: Resource) -> Value:
    return queue["vhost"] if _is_declared(queue) else queue.at("spec.vhost")


def _home(resource: Resource, reference: Value) -> Value:
    """Where the namespace of the cluster stands: in the reference, else it is that of the object."""
    named = reference["namespace"]
    return resource.at("metadata.namespace") if named.peek(_LATER) is None else named


def _clusters(resource: Resource) -> set[str]:
    return {urn for urn in resource.dependencies if type_of(urn) == rabbitmq.CLUSTER}


def _may_be(one: Value, other: Value, default: str) -> bool:
    ours, theirs = one.peek(_LATER), other.peek(_LATER)
    return UNKNOWN in (ours, theirs) or (default if ours is None else ours) == (default if theirs is None else theirs)


def _fits(scope: Value, kind: Value) -> bool:
    """Whether a policy is about queues of a type; one that is not written may be any."""
    about, actual = scope.peek(_LATER), kind.peek(_LATER)
    if about in _NOT_QUEUES:
        return False
    wanted = _KINDS.get(str(about))
    return wanted is None or actual in (None, UNKNOWN, wanted)
