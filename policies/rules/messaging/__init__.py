"""Rules about NATS and the volumes of stateful services."""

from __future__ import annotations

from policies.rules.messaging import durability, nats_servers, nats_volume, storage_claims, storage_class, streams

MODULES = (nats_volume, nats_servers, streams, durability, storage_class, storage_claims)
