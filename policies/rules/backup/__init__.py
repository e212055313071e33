"""Rules about backups, where they are kept, and how fast things are there again."""

from __future__ import annotations

from policies.rules.backup import gateways, locations, protection, regions, schedules, snapshots

MODULES = (schedules, snapshots, locations, protection, regions, gateways)
