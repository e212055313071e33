"""MSG-001: each RabbitMQ node keeps its data on a claim of its own, and finds it again under its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from facts.quantity import parse_quantity
from policies import rabbitmq
from policies.findings import Findings
from policies.helm import RELEASE_TYPES, chart_values
from policies.images import parse_image
from policies.model import Resource, Stack, rule
from policies.rules.messaging.rabbitmq_servers import broker_chart, broker_container
from policies.rules.messaging.servers import STATEFUL_SETS
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, kind_of, pod_spec

_DATA: Final = "/var/lib/rabbitmq/mnesia"
_DATA_OF_BITNAMI: Final = "/bitnami/rabbitmq/mnesia"
_DATA_VARIABLES: Final = frozenset({"RABBITMQ_MNESIA_BASE", "RABBITMQ_MNESIA_DIR"})
_LOST: Final = "the messages of a RabbitMQ node do not survive its pod"
_CURE: Final = "Mount a volumeClaimTemplate at /var/lib/rabbitmq"


@rule("MSG-001", "MSG-003", on=rabbitmq.CLUSTER)
def rabbitmq_cluster_has_persistent_storage(cluster: Resource, _: Stack) -> Findings:
    """The operator puts the data of a cluster without storage into an emptyDir."""
    yield from cluster.at("spec.persistence.storage").must_satisfy(
        lambda size: parse_quantity(size) > 0,
        f"{_LOST}: the cluster does not say how much storage it has",
        "Set spec.persistence.storage to the size of each node's volume",
    )


@rule("MSG-001", "MSG-003", on=RELEASE_TYPES)
def rabbitmq_chart_has_persistent_storage(release: Resource, _: Stack) -> Findings:
    """Written out: the defaults of the charts that are called so differ. The one of groundhog2k has keys of its own."""
    if broker_chart(release) is None:
        return
    values = chart_values(release)
    if values.at("storage.requestedSize").is_given:
        return
    persistence = values["persistence"]
    unasked, cure = f"{_LOST}: the values do not ask for a volume", "Set persistence.enabled to true"
    off = persistence["enabled"].must_satisfy(lambda switch: switch is True or switch == "true", unasked, cure)
    unsized, cure = f"{_LOST}: the size of its volume is not set", "Set persistence.size to the size of each node's volume"
    yield from off or persistence["size"].must_satisfy(lambda size: parse_quantity(size) > 0, unsized, cure)


@rule("MSG-001", "MSG-003", on=WORKLOAD_TYPES)
def rabbitmq_pods_keep_data_on_claims(workload: Resource, _: Stack) -> Findings:
    """The directory of a node is named after its host: only a StatefulSet gives it the same name and volume again."""
    container = broker_container(workload)
    if container is None:
        return ()
    if workload.type in STATEFUL_SETS:
        return _check_volumes(workload, container)
    problem = f"RabbitMQ runs in a {kind_of(workload)}, which gives a node neither a stable name nor a volume of its own"
    return container["image"].refuse(problem, "Run it as a StatefulSet, or as a RabbitmqCluster of the operator")


def _check_volumes(stateful_set: Resource, container: Value) -> Findings:
    templates, mounts = stateful_set.at("spec.volumeClaimTemplates"), container["volumeMounts"]
    names = [template.at("metadata.name") for template in templates.each()]
    paths = [mount[key] for mount in mounts.each() for key in ("mountPath", "name")]
    variables = [*container["env"].each()]
    directories = [variable["value"] for variable in variables if variable["name"].text() in _DATA_VARIABLES]
    decisive = (templates, mounts, container["env"], *names, *paths, *(variable["name"] for variable in variables), *directories)
    if [place for place in decisive if place.is_unknown]:
        return ()
    if not names:
        return templates.refuse(f"{_LOST}: the StatefulSet claims no volume", _CURE)
    claims = {name.text() for name in names}
    searched = [place.text() for place in directories if place.is_present] or _usual_directories(container)
    holders = [holder for directory in searched if (holder := _mount_at(directory, list(mounts.each())))]
    if any(holder["name"].text() in claims for holder in holders):
        return ()
    if holders:
        source = _source(stateful_set, holders[0])
        return holders[0]["name"].refuse(f"{_LOST}: {source} is mounted where it keeps them", _CURE)
    return mounts.refuse(f"{_LOST}: none of its volumes is mounted where it keeps them", _CURE)


def _usual_directories(container: Value) -> Sequence[str]:
    bitnami = "bitnami" in parse_image(container["image"].text()).repository
    return [_DATA_OF_BITNAMI, _DATA] if bitnami else [_DATA]


def _mount_at(directory: str, mounts: Sequence[Value]) -> Value | None:
    """The mount that holds a directory: the deepest of those above it, else one within it."""
    paths = {mount["mountPath"].text().rstrip("/") or "/": mount for mount in mounts}
    above = [path for path in paths if f"{directory}/".startswith(f"{path.rstrip('/')}/")]
    within = [path for path in paths if path.startswith(f"{directory.rstrip('/')}/")]
    return paths[max(above, key=len)] if above else paths[within[0]] if within else None


def _source(workload: Resource, mount: Value) -> str:
    """What a mounted volume is made of, as a message calls it."""
    for volume in pod_spec(workload)["volumes"].each():
        if volume["name"].text() == mount["name"].text():
            kinds = [key for key, _ in volume.items() if key != "name"]
            return f"a volume of kind {kinds[0]}" if kinds else "a volume"
    return "a volume that nothing declares"
