"""Rules about NATS: its servers, streams and what survives a restart."""

from __future__ import annotations

from policies.rules.messaging import durability, nats_servers, nats_volume, streams

MODULES = (nats_volume, nats_servers, streams, durability)
