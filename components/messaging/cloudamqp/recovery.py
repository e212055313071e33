"""What RabbitMQ by CloudAMQP survives."""

from __future__ import annotations

from collections.abc import Sequence

from components.messaging.cloudamqp.model import CloudAmqpSettings
from components.messaging.rabbitmq.managed_recovery import recovery_of_managed
from components.recovery import Recovery


def recovery(settings: CloudAmqpSettings) -> Sequence[Recovery]:
    """Its rows of the table; CloudAMQP backs up what is declared, not messages (CloudAMQP, "Backup")."""
    return recovery_of_managed("RabbitMQ (CloudAMQP)", settings.recovery, clustered=settings.nodes > 1)
