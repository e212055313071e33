"""RabbitMQ as programs declare it: the operators' objects, the provider's, and the images and charts that run a broker."""

from __future__ import annotations

import re
from typing import Final

_GROUP: Final = "kubernetes:rabbitmq.com/v1beta1"

CLUSTER: Final = f"{_GROUP}:RabbitmqCluster"
QUEUE: Final = f"{_GROUP}:Queue"
EXCHANGE: Final = f"{_GROUP}:Exchange"
POLICY: Final = f"{_GROUP}:Policy"

PROVIDER_QUEUE: Final = "rabbitmq:index/queue:Queue"
PROVIDER_EXCHANGE: Final = "rabbitmq:index/exchange:Exchange"
PROVIDER_POLICY: Final = "rabbitmq:index/policy:Policy"
"""Those of the provider that speaks to a broker's management API."""

AMAZON_MQ: Final = "aws:mq/broker:Broker"
CLOUDAMQP: Final = "cloudamqp:index/instance:Instance"

_WORD: Final = re.compile(r"[-_.]")
_COMPANIONS: Final = frozenset(
    {
        "admin",
        "backup",
        "cli",
        "client",
        "consumer",
        "exporter",
        "init",
        "operator",
        "perf",
        "producer",
        "prometheus",
        "proxy",
        "publisher",
        "setup",
        "sidecar",
        "updater",
        "worker",
    }
)


def names_broker(name: str) -> bool:
    """Whether an image or chart of this name is the broker itself, not an operator, an exporter or a client of it."""
    return "rabbitmq" in name and _COMPANIONS.isdisjoint(_WORD.split(name))
