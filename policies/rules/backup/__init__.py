"""Rules about backups, where they are kept, and how fast things are there again."""

from __future__ import annotations

from policies.rules.backup import frequency, gateways, locations, offsite, protection, regions, schedules, snapshots, targets, velero

MODULES = (velero, schedules, frequency, snapshots, locations, offsite, protection, targets, regions, gateways)
