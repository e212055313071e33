"""Vhosts, exchanges, queues, bindings, policies and users as resources of the topology operator (MSG-002, MSG-006)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from components.kubernetes import CustomResource, labels
from components.messaging.rabbitmq.arguments import RabbitmqTopologyArgs
from components.messaging.rabbitmq.capacity import DEAD_LETTER_BYTES
from components.messaging.rabbitmq.definitions import GROUP, VERSION
from components.messaging.rabbitmq.identities import RABBITMQ, user
from components.messaging.rabbitmq.model import DEAD_LETTERS, BindingSettings, ClientSettings, QueueSettings, VhostSettings

# The update then fails where the broker refuses something, instead of leaving a resource that is
# never reconciled.
_WAIT_UNTIL_READY: Final = {"pulumi.com/waitFor": "condition=Ready"}
_NOTHING: Final = "^$"
_MILLISECOND: Final = timedelta(milliseconds=1)


def dead_letter_queue(queue: str) -> str:
    """The queue that keeps the dead letters of ``queue``."""
    return f"{queue}-dlq"


def vhost(name: str, args: RabbitmqTopologyArgs) -> CustomResource:
    """The virtual host, in which every queue is a quorum queue."""
    spec = {"name": name, "defaultQueueType": "quorum", "deletionPolicy": _deletion(args)}
    return _resource("Vhost", name, spec, args)


def exchanges(name: str, settings: VhostSettings, args: RabbitmqTopologyArgs) -> Iterator[CustomResource]:
    """The exchanges of the vhost ``name``, and the one that dead letters go through."""
    types = {each: exchange.type.value for each, exchange in settings.exchanges.items()}
    for exchange, kind in {**types, DEAD_LETTERS: "direct"}.items():
        spec = {"name": exchange, "vhost": name, "type": kind, "durable": True, "autoDelete": False}
        yield _resource("Exchange", f"{name}.{exchange}", spec, args)


def policies(name: str, settings: VhostSettings, args: RabbitmqTopologyArgs) -> Iterator[CustomResource]:
    """What may change while a queue lives: one policy for each queue, one for all that keep dead letters.

    A queue of which one does not apply yet has no limit: they come before the queues.
    """
    for queue_name, queue in settings.queues.items():
        yield _policy(name, queue_name, f"^{re.escape(queue_name)}$", _limits(queue), args)
    # Where dead letters no longer fit, they stay in the queue that they come from.
    definition = {"max-length-bytes": DEAD_LETTER_BYTES, "overflow": "reject-publish"}
    yield _policy(name, DEAD_LETTERS, "^.+-dlq$", definition, args)


def queues(name: str, settings: VhostSettings, args: RabbitmqTopologyArgs) -> Iterator[tuple[CustomResource, str]]:
    """The queues of the vhost ``name``, each with the one that keeps its dead letters, and the resource of its policy.

    Their arguments are for ever: the broker changes none of a queue that is there.
    """
    for queue_name in settings.queues:
        arguments = {
            "x-dead-letter-exchange": DEAD_LETTERS,
            "x-dead-letter-routing-key": dead_letter_queue(queue_name),
            # A dead letter leaves its queue once it is stored in the other; that takes a queue which
            # refuses publishers when it is full.
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
        yield _queue(name, dead_letter_queue(queue_name), {}, args, {"platform/dlq": "true"}), f"{name}.{DEAD_LETTERS}"
        yield _queue(name, queue_name, arguments, args, {}), f"{name}.{queue_name}"


def bindings(name: str, settings: VhostSettings, args: RabbitmqTopologyArgs) -> Iterator[tuple[CustomResource, tuple[str, str]]]:
    """What leads to the queues of the vhost ``name``, and the resources of both of its ends."""
    for queue_name, queue in settings.queues.items():
        dead = dead_letter_queue(queue_name)
        to_dead_letters = BindingSettings.model_construct(exchange=DEAD_LETTERS, routing_key=dead)
        for binding, to in ((to_dead_letters, dead), *((binding, queue_name) for binding in queue.bindings)):
            yield _binding(name, binding, to, args), (f"{name}.{binding.exchange}", f"{name}.{to}")


def client(vhost_name: str, name: str, settings: ClientSettings, args: RabbitmqTopologyArgs) -> tuple[CustomResource, CustomResource]:
    """The user of a client and what it may do, in the client's own namespace: there the operator puts its password."""
    limits = {"connections": settings.connections, "channels": settings.channels}
    rights = {"configure": _NOTHING, "write": _any_of(settings.publishes), "read": _any_of(settings.consumes)}
    return (
        _resource("User", user(name), {"tags": [], "limits": limits}, args, namespace=settings.namespace),
        _resource(
            "Permission",
            # The webhook refuses another vhost: whoever moves to one gets another Permission.
            f"{vhost_name}.{user(name)}",
            {"vhost": vhost_name, "userReference": {"name": user(name)}, "permissions": rights},
            args,
            namespace=settings.namespace,
        ),
    )


def _resource(
    kind: str,
    name: str,
    spec: Mapping[str, Any],
    args: RabbitmqTopologyArgs,
    *,
    namespace: str | None = None,
    marks: Mapping[str, str] | None = None,
) -> CustomResource:
    return CustomResource(
        api_version=f"{GROUP}/{VERSION}",
        kind=kind,
        name=name,
        namespace=namespace or args.namespace,
        labels=labels(RABBITMQ, component=kind.lower()),
        annotations={**(marks or {}), **_WAIT_UNTIL_READY},
        spec={**spec, "rabbitmqClusterReference": dict(args.connection.reference)},
    )


def _queue(
    vhost_name: str, name: str, arguments: Mapping[str, Any], args: RabbitmqTopologyArgs, marks: Mapping[str, str]
) -> CustomResource:
    spec = {
        "name": name,
        "vhost": vhost_name,
        "type": "quorum",
        "durable": True,
        "autoDelete": False,
        **({"arguments": dict(arguments)} if arguments else {}),
        "deletionPolicy": _deletion(args),
    }
    return _resource("Queue", f"{vhost_name}.{name}", spec, args, marks={**marks, **args.settings.recovery.annotations})


def _policy(vhost_name: str, name: str, pattern: str, definition: Mapping[str, Any], args: RabbitmqTopologyArgs) -> CustomResource:
    spec = {
        "name": name,
        "vhost": vhost_name,
        "pattern": pattern,
        "applyTo": "quorum_queues",
        "priority": 0,
        "definition": dict(definition),
    }
    return _resource("Policy", f"{vhost_name}.{name}", spec, args)


def _limits(queue: QueueSettings) -> dict[str, Any]:
    ttl = {"message-ttl": queue.message_ttl // _MILLISECOND} if queue.message_ttl else {}
    return {
        "max-length-bytes": int(queue.max_bytes),
        "delivery-limit": queue.delivery_limit,
        "consumer-timeout": queue.ack_timeout // _MILLISECOND,
        **ttl,
    }


def _binding(vhost_name: str, binding: BindingSettings, queue: str, args: RabbitmqTopologyArgs) -> CustomResource:
    arguments = {"x-match": binding.match, **binding.headers} if binding.headers else {}
    # A binding cannot be changed, so its name is made of what it says: in a list it would change with
    # every other one.
    said = hashlib.sha256(repr((binding.routing_key, sorted(arguments.items()))).encode()).hexdigest()[:10]
    spec = {
        "vhost": vhost_name,
        "source": binding.exchange,
        "destination": queue,
        "destinationType": "queue",
        "routingKey": binding.routing_key or "",
        **({"arguments": arguments} if arguments else {}),
    }
    return _resource("Binding", f"{vhost_name}.{queue}.{binding.exchange}.{said}", spec, args)


def _any_of(names: Sequence[str]) -> str:
    return f"^({'|'.join(map(re.escape, names))})$" if names else _NOTHING


def _deletion(args: RabbitmqTopologyArgs) -> str:
    return "retain" if args.retain else "delete"
