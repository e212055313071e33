"""Rules about NATS and RabbitMQ: their servers, streams and queues, and what survives a restart."""

from __future__ import annotations

from policies.rules.messaging import (
    consumers,
    durability,
    managed_brokers,
    mirrors,
    nats_servers,
    nats_volume,
    rabbitmq_backups,
    rabbitmq_dead_letters,
    rabbitmq_nodes,
    rabbitmq_queues,
    rabbitmq_storage,
    retention,
    streams,
    updates,
)

MODULES = (
    nats_volume,
    nats_servers,
    streams,
    durability,
    retention,
    consumers,
    mirrors,
    rabbitmq_storage,
    rabbitmq_nodes,
    rabbitmq_queues,
    rabbitmq_dead_letters,
    updates,
    managed_brokers,
    rabbitmq_backups,
)
