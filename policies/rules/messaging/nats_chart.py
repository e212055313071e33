"""The official NATS chart: what its values amount to, defaults and extension points included (chart 2.14).

Every object that the chart renders can be changed by ``merge`` (deep for mappings, lists replaced) and then by ``patch`` (JSON Patch)
beside the values that made it, so a rule that looked at the plain value alone could be told anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from policies.helm import chart_name, is_on
from policies.model import Resource
from policies.values import Value

ZONE = "topology.kubernetes.io/zone"


def is_nats(release: Resource) -> bool:
    """Whether a Helm release installs the NATS chart."""
    return chart_name(release) == "nats"


def uses_jetstream(values: Value) -> bool:
    """Whether JetStream is on: the chart leaves it off."""
    return is_on(values.at("config.jetstream.enabled"), default=False)


def stores_files(values: Value) -> bool:
    """Whether JetStream keeps streams on disk, as the chart does unless told otherwise."""
    return uses_jetstream(values) and is_on(values.at("config.jetstream.fileStore.enabled"), default=True)


def claims_volume(values: Value) -> bool:
    """Whether each server gets a volume claim for its streams."""
    return stores_files(values) and is_on(values.at("config.jetstream.fileStore.pvc.enabled"), default=True)


def server_count(values: Value) -> Value:
    """The replicas of the StatefulSet of a clustered release; absent is the chart's three."""
    return extended(values["statefulSet"], "spec", "replicas") or values.at("config.cluster.replicas")


def claim_templates(values: Value) -> Value | None:
    """The volume claim templates, where an extension of the StatefulSet replaces the chart's own."""
    return extended(values["statefulSet"], "spec", "volumeClaimTemplates")


def claim_size(values: Value) -> Value:
    """The size of each server's volume; absent is the chart's 10Gi."""
    claim = values.at("config.jetstream.fileStore.pvc")
    return extended(claim, "spec", "resources", "requests", "storage") or claim["size"]


def claim_storage_class(claim: Value) -> Value:
    """The storage class of the volume described at ``…pvc``; absent is the cluster's default class."""
    return extended(claim, "spec", "storageClassName") or claim["storageClassName"]


def sync_interval(values: Value) -> Value:
    """When JetStream flushes what it has acknowledged; absent is the server's default of two minutes."""
    jetstream = values.at("config.jetstream")
    return (
        extended(values["config"], "jetstream", "sync_interval")
        or extended(jetstream, "sync_interval")
        or jetstream.at("merge.sync_interval")
    )


def zone_constraints(values: Value) -> tuple[Value, list[Value]]:
    """Where the spread of the servers is written, and the constraints on zones that stand there.

    The chart's own form is a mapping from the topology key, the extensions hold plain Kubernetes lists.
    """
    in_pod = ("spec", "topologySpreadConstraints")
    in_set = ("spec", "template", *in_pod)
    replaced = extended(values["statefulSet"], *in_set) or extended(values["podTemplate"], *in_pod)
    place = replaced or values.at("podTemplate.topologySpreadConstraints")
    own = on_zones(replaced.each()) if replaced else [constraint for key, constraint in place.items() if key == ZONE]
    added = [*_appended(values["podTemplate"], *in_pod), *_appended(values["statefulSet"], *in_set)]
    return place, own + on_zones(added)


def on_zones(constraints: Iterator[Value] | list[Value]) -> list[Value]:
    """Those topology spread constraints that are about zones."""
    return [constraint for constraint in constraints if not constraint["topologyKey"].is_not(ZONE)]


def extended(extension: Value, *path: str) -> Value | None:
    """What the ``merge`` and ``patch`` of ``extension`` put at ``path`` of the object that it extends; None where they leave it alone."""
    merged = extension["merge"]
    for key in path:
        merged = merged[key]
    result = None if merged.is_absent else merged
    for operation in extension["patch"].each():
        target = _pointer(operation)
        if operation["op"].get("") in {"add", "replace", "remove"} and target == path[: len(target)]:
            result = operation["value"]
            for key in path[len(target) :]:
                result = result[key]
    return result


def _appended(extension: Value, *path: str) -> list[Value]:
    """The elements that a ``patch`` adds to the list at ``path``."""
    return [
        operation["value"]
        for operation in extension["patch"].each()
        if operation["op"].get("") == "add" and _pointer(operation)[:-1] == path
    ]


def _pointer(operation: Value) -> tuple[str, ...]:
    """The steps of a JSON Pointer (RFC 6901)."""
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in str(operation["path"].get("")).split("/")[1:])
