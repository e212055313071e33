"""What our resources declare, as a definitions file: what the topology operator would tell the broker, told at once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from typing import Any, Final

from components.kubernetes import CustomResource
from components.messaging.rabbitmq.arguments import RabbitmqTopologyArgs
from components.messaging.rabbitmq.resources import bindings, client, exchanges, policies, queues, vhost

PASSWORD: Final = "guess"  # noqa: S105 # of all users of a broker that lives as long as a test
_NEWER_LIMITS: Final = ("consumer-timeout",)
"""What the distribution's release does not know yet: limits of policies."""


def resources(args: RabbitmqTopologyArgs) -> list[CustomResource]:
    """All that is declared in the broker."""
    found: list[CustomResource] = []
    for name, settings in args.settings.vhosts.items():
        found += [vhost(name, args), *exchanges(name, settings, args), *policies(name, settings, args)]
        found += [queue for queue, _ in queues(name, settings, args)]
        found += [binding for binding, _ in bindings(name, settings, args)]
        found += [each for client_name, wanted in settings.clients.items() for each in client(name, client_name, wanted, args)]
    return found


def definitions(declared: Iterable[CustomResource]) -> dict[str, Any]:
    """The file that a broker imports."""
    found: dict[str, list[dict[str, Any]]] = {
        key: [] for key in ("users", "vhosts", "permissions", "exchanges", "queues", "bindings", "policies")
    }
    for each in declared:
        spec = dict(each.spec)
        match each.kind:
            case "Vhost":
                found["vhosts"].append({"name": spec["name"]})
            case "User":
                found["users"].append({"name": each.name, "password_hash": _hash(PASSWORD), "limits": {}, "tags": []})
            case "Permission":
                found["permissions"].append({"user": spec["userReference"]["name"], "vhost": spec["vhost"], **spec["permissions"]})
            case "Exchange":
                found["exchanges"].append(
                    {**_picked(spec, "name", "vhost", "type", "durable"), "auto_delete": spec["autoDelete"], "arguments": {}}
                )
            case "Queue":
                arguments = {"x-queue-type": spec["type"], **spec.get("arguments", {})}
                found["queues"].append(
                    {**_picked(spec, "name", "vhost", "durable"), "auto_delete": spec["autoDelete"], "arguments": arguments}
                )
            case "Binding":
                where = {"destination_type": spec["destinationType"], "routing_key": spec["routingKey"]}
                found["bindings"].append(
                    {**_picked(spec, "vhost", "source", "destination"), **where, "arguments": spec.get("arguments", {})}
                )
            case "Policy":
                limits = {key: value for key, value in spec["definition"].items() if key not in _NEWER_LIMITS}
                # Only a newer release tells quorum queues from others; here all of them are.
                known = {"apply-to": spec["applyTo"].replace("quorum_queues", "queues"), "definition": limits}
                found["policies"].append({**_picked(spec, "name", "vhost", "pattern", "priority"), **known})
            case kind:
                raise AssertionError(f"{kind} is not part of a definitions file")
    return found


def _picked(spec: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: spec[key] for key in keys}


def _kept(spec: dict[str, Any]) -> dict[str, Any]:
    return {"auto_delete": spec["autoDelete"]}


def _hash(password: str) -> str:
    """As the broker stores it: salted, by SHA-256."""
    salt = b"salt"
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()
