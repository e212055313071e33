"""When what is backed up: Velero's schedules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from components.backup.arguments import VeleroArgs
from components.backup.location import LOCATION
from components.backup.values import VOLUME_POLICIES
from components.kubernetes import CustomResource, labels
from facts.duration import format_duration

FREQUENT: Final = "frequent"
DAILY: Final = "daily"
WEEKLY: Final = "weekly"
_HOUR: Final = timedelta(hours=1)
_SUNDAY: Final = 0
_EVERYTHING: Final = "*"
_PASSING: Final = ("events", "events.events.k8s.io")
EXCLUDED: Final = {"velero.io/exclude-from-backup": "true"}
"""The labels of a namespace that no backup holds, be it one of all namespaces."""


def schedules(args: VeleroArgs) -> dict[str, CustomResource]:
    """The schedules by their name; without volumes there is nothing to back up in between."""
    settings = args.settings
    found = {
        DAILY: _schedule(args, DAILY, daily_cron(settings.daily_at), settings.keep_daily, [_EVERYTHING]),
        WEEKLY: _schedule(args, WEEKLY, weekly_cron(settings.daily_at), settings.keep_weekly, [_EVERYTHING]),
    }
    if args.volume_namespaces:
        found[FREQUENT] = _schedule(args, FREQUENT, interval_cron(settings.every), settings.keep_frequent, sorted(args.volume_namespaces))
    return found


def interval_cron(every: timedelta) -> str:
    """An interval that divides an hour or a day, as cron writes it, aside of the full hour at which others start."""
    minutes = every // timedelta(minutes=1)
    if every < _HOUR:
        return f"{minutes // 2}-59/{minutes} * * * *"
    hours = every // _HOUR
    return "15 * * * *" if hours == 1 else f"15 */{hours} * * *"


def daily_cron(at: str) -> str:
    """Each day at ``hh:mm``."""
    hours, minutes = map(int, at.split(":"))
    return f"{minutes} {hours} * * *"


def weekly_cron(daily_at: str) -> str:
    """On Sundays, two hours after the daily one."""
    hours, minutes = map(int, daily_at.split(":"))
    return f"{minutes} {(hours + 2) % 24} * * {_SUNDAY}"


def _schedule(args: VeleroArgs, name: str, cron: str, kept: timedelta, namespaces: list[str]) -> CustomResource:
    template: dict[str, Any] = {
        "includedNamespaces": namespaces,
        # Of several namespaces Velero takes along the volumes alone, and of all but one no more than that.
        **({"includeClusterResources": True} if namespaces == [_EVERYTHING] else {}),
        "excludedResources": list(_PASSING),
        "storageLocation": LOCATION,
        "resourcePolicy": {"kind": "configmap", "name": VOLUME_POLICIES},
        "snapshotVolumes": True,
        "snapshotMoveData": True,
        "defaultVolumesToFsBackup": False,
        "ttl": format_duration(kept),
        # How long a snapshot may take until the disk has it; its data may follow for four hours.
        "csiSnapshotTimeout": "10m0s",
        "itemOperationTimeout": "4h0m0s",
    }
    return CustomResource(
        api_version="velero.io/v1",
        kind="Schedule",
        name=name,
        namespace=args.namespace,
        labels=labels(name, component="schedule"),
        annotations=args.settings.recovery.annotations,
        spec={
            "schedule": cron,
            # Whoever deletes a schedule does not delete what it has backed up.
            "useOwnerReferencesInBackup": False,
            "skipImmediately": False,
            "template": template,
        },
    )
