"""RabbitMQ brokers in the cluster as rules see them: what a workload or a chart runs."""

from __future__ import annotations

from typing import Final

from policies.charts import chart_of, rabbitmq
from policies.charts.model import Chart
from policies.helm import RELEASE_TYPES, chart_name
from policies.images import parse_image
from policies.model import Resource
from policies.rabbitmq import names_broker
from policies.values import Value
from policies.workloads import containers, kind_of, pod_spec, tokens_of

STATEFUL_SETS: Final = tokens_of("StatefulSet")
REPLICATED: Final = (
    *STATEFUL_SETS,
    *tokens_of("Deployment", "ReplicaSet", "ReplicationController", "Rollout"),
)
"""Kinds that say how many of their pods run."""

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
