"""NATS servers that are written as plain StatefulSets."""

from __future__ import annotations

import re
from typing import Final

from policies.images import parse_image
from policies.model import Resource
from policies.values import Value
from policies.workloads import pod_spec, tokens_of

STATEFUL_SETS: Final = tokens_of("StatefulSet")

_SERVER_IMAGES: Final = frozenset({"nats", "nats-server"})
_STORE: Final = re.compile(r"(?:^|\s)--?(?:sd|store_dir)(?:=|\s+)(\S+)")


def nats_container(stateful_set: Resource) -> Value | None:
    """The container of a StatefulSet that runs a NATS server, from whatever registry; exporters, reloaders and nats-box are none."""
    for container in pod_spec(stateful_set)["containers"].each():
        image = container["image"].raw
        if isinstance(image, str) and parse_image(image).repository.rpartition("/")[2] in _SERVER_IMAGES:
            return container
    return None


def stream_claims(stateful_set: Resource, container: Value) -> list[Value]:
    """The volume claim templates that can hold the server's streams.

    The one mounted where the server's store directory lies, where its arguments tell; else those that the container mounts, else all.
    """
    templates = {template.at("metadata.name").raw: template for template in stateful_set.inputs.at("spec.volumeClaimTemplates").each()}
    mounts = {
        mount["mountPath"].raw: templates[mount["name"].raw] for mount in container["volumeMounts"].each() if mount["name"].raw in templates
    }
    store = _store_directory(container)
    if store:
        holding = [path for path in mounts if isinstance(path, str) and f"{store}/".startswith(f"{path.rstrip('/')}/")]
        if holding:
            return [mounts[max(holding, key=len)]]
    return list(mounts.values()) or list(templates.values())


def _store_directory(container: Value) -> str | None:
    arguments = [argument.raw for key in ("command", "args") for argument in container[key].each()]
    match = _STORE.search(" ".join(argument for argument in arguments if isinstance(argument, str)))
    return match.group(1).rstrip("/") if match else None
