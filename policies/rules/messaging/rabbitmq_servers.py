"""RabbitMQ brokers in the cluster as rules see them: what a workload or a chart runs."""

from __future__ import annotations

from typing import Any, Final

from policies import rabbitmq as objects
from policies.charts import chart_of, rabbitmq
from policies.charts.model import Chart
from policies.helm import RELEASE_TYPES, chart_name, chart_values
from policies.images import parse_image
from policies.model import Resource
from policies.rabbitmq import names_broker
from policies.rules.messaging.servers import STATEFUL_SETS
from policies.values import Value
from policies.workloads import containers, kind_of, pod_spec, tokens_of

REPLICATED: Final = (
    *STATEFUL_SETS,
    *tokens_of("Deployment", "ReplicaSet", "ReplicationController", "Rollout"),
)
"""Kinds that say how many of their pods run."""

BROKER_TYPES: Final = (objects.CLUSTER, *RELEASE_TYPES, *STATEFUL_SETS)
OVERRIDE: Final = "spec.override.statefulSet.spec"
"""What the operator lays over the StatefulSet that it makes of a cluster."""

_RESERVED: Final = "app.kubernetes.io"
"""Labels of a cluster that the operator replaces by its own."""
_TOOLS: Final = frozenset({"Job", "CronJob"})
_STARTS: Final = ("rabbitmq-server", "entrypoint")


def broker_chart(release: Resource) -> Chart | None:
    """What is known of the chart of a release that runs RabbitMQ; None for other releases.

    A chart of another name that runs one is taken to have the settings of the last one known.
    """
    if release.type not in RELEASE_TYPES or not names_broker(chart_name(release) or ""):
        return None
    return chart_of(release) or rabbitmq.CHARTS[-1]


def broker_container(workload: Resource) -> Value | None:
    """The container that runs a broker, from whatever registry; exporters and operators do not.

    A job that runs a command of its own from such an image is a tool that talks to a broker.
    """
    for container in containers(pod_spec(workload)):
        spec = container.where_long_running
        if spec is None or not names_broker(_image_name(spec)):
            continue
        if kind_of(workload) not in _TOOLS or _starts_broker(spec):
            return spec
    return None


def _starts_broker(container: Value) -> bool:
    words = [word.text() for key in ("command", "args") for word in container[key].each()]
    return not words or any(start in word for word in words for start in _STARTS)


def _image_name(container: Value) -> str:
    """The last part of the repository of a container's image: ``rabbitmq`` of ``ghcr.io/acme/rabbitmq:4.1``."""
    return parse_image(container["image"].text()).repository.rpartition("/")[2]


def runs_brokers(resource: Resource) -> bool:
    """Whether a resource of :data:`BROKER_TYPES` runs RabbitMQ in the cluster."""
    if resource.type in STATEFUL_SETS:
        return broker_container(resource) is not None
    return resource.type == objects.CLUSTER or broker_chart(resource) is not None


def broker_labels(resource: Resource) -> Value:
    """The labels of the pods of what :func:`runs_brokers`, those that operator or chart give included."""
    if resource.type in STATEFUL_SETS:
        return resource.at("spec.template.metadata.labels")
    if resource.type == objects.CLUSTER:
        name = resource.at("metadata.name").get(resource.name)
        given = {"app.kubernetes.io/name": name, "app.kubernetes.io/component": "rabbitmq", "app.kubernetes.io/part-of": "rabbitmq"}
        own = resource.at("metadata.labels")
        handed_on = {key: label for key, label in _plain(own).items() if not key.startswith(_RESERVED)}
        return own.holding({**handed_on, **given, **_plain(resource.at(f"{OVERRIDE}.template.metadata.labels"))})
    values = chart_values(resource)
    given = {"app.kubernetes.io/name": "rabbitmq", "app.kubernetes.io/instance": resource["name"].get(resource.name)}
    return values["podLabels"].holding({**_plain(values["commonLabels"]), **_plain(values["podLabels"]), **given})


def _plain(labels: Value) -> dict[str, Any]:
    return {key: label.peek("the selector that asks for a label notes it") for key, label in labels.items()}
