"""When AKS may change the cluster by itself."""

from __future__ import annotations

from typing import Final

import pulumi
from pulumi_azure_native import containerservice

from components.base import Component
from components.cluster.aks.model import ClusterSettings

# Patches of Kubernetes, images of the nodes, and what AKS itself releases each week (AKS, "Planned
# maintenance", schedule configuration types).
SCHEDULES: Final = ("aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule", "default")
_DAYS: Final = {
    "mon": containerservice.WeekDay.MONDAY,
    "tue": containerservice.WeekDay.TUESDAY,
    "wed": containerservice.WeekDay.WEDNESDAY,
    "thu": containerservice.WeekDay.THURSDAY,
    "fri": containerservice.WeekDay.FRIDAY,
    "sat": containerservice.WeekDay.SATURDAY,
    "sun": containerservice.WeekDay.SUNDAY,
}


def schedule_maintenance(
    cluster: Component, settings: ClusterSettings, *, resource_group: str, cluster_name: pulumi.Input[str]
) -> list[containerservice.MaintenanceConfiguration]:
    """Put all that AKS does by itself into the window of the settings; AKS orders what would overlap."""
    start, _, _ = settings.maintenance_window.partition("-")
    day, _, time = start.partition(":")
    return [
        containerservice.MaintenanceConfiguration(
            cluster.child_name(f"maintenance-{schedule}"),
            # As keywords: the SDK would take the resource_name of the arguments for the resource's own.
            resource_name_=cluster_name,
            resource_group_name=resource_group,
            config_name=schedule,
            maintenance_window=containerservice.MaintenanceWindowArgs(
                duration_hours=settings.window_hours,
                schedule=containerservice.ScheduleArgs(
                    weekly=containerservice.WeeklyScheduleArgs(day_of_week=_DAYS[day], interval_weeks=1)
                ),
                start_time=time,
                utc_offset="+00:00",
            ),
            opts=cluster.child_options(),
        )
        for schedule in SCHEDULES
    ]
