"""How fast the volumes of message brokers are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from components.messaging.rabbitmq.model import OperatorSettings
from components.storage.model import GENERAL, SYNCHRONOUS, VolumeSettings
from stacks.settings.tree import Settings


def broker_speed(settings: Settings) -> VolumeSettings:
    """Fast where a broker writes each message to the disk before it acknowledges it, and all volumes are large enough for that."""
    careful = bool(settings.nats and settings.nats.rpo == "0s") or isinstance(settings.rabbitmq, OperatorSettings)
    fit = all(volume >= SYNCHRONOUS.least_size for volume in _volumes(settings))
    return SYNCHRONOUS if careful and fit else GENERAL


def _volumes(settings: Settings) -> Iterator[Decimal]:
    if settings.nats:
        yield settings.nats.storage
    if isinstance(settings.rabbitmq, OperatorSettings):
        yield settings.rabbitmq.storage
