"""How fast the volumes of message brokers are."""

from __future__ import annotations

from components.messaging.nats.model import NatsSettings
from components.storage.model import GENERAL, SYNCHRONOUS, VolumeSettings


def broker_speed(nats: NatsSettings | None) -> VolumeSettings:
    """Fast where NATS writes each message to the disk before it acknowledges it, and its volumes are large enough for that."""
    return SYNCHRONOUS if nats and nats.rpo == "0s" and nats.storage >= SYNCHRONOUS.least_size else GENERAL
