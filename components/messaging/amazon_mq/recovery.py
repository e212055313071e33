"""What RabbitMQ by Amazon MQ survives."""

from __future__ import annotations

from collections.abc import Sequence

from components.messaging.amazon_mq.model import AmazonMqSettings
from components.messaging.rabbitmq.managed_recovery import recovery_of_managed
from components.recovery import Recovery


def recovery(settings: AmazonMqSettings) -> Sequence[Recovery]:
    """Its rows of the table; Amazon MQ backs up no messages (its developer guide, "Amazon MQ for RabbitMQ best practices")."""
    return recovery_of_managed("RabbitMQ (Amazon MQ)", settings.recovery, clustered=settings.nodes > 1)
