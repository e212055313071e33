"""The dashboard of backups: how old they are, what failed, and what the last drill found."""

from __future__ import annotations

from typing import Final

from components.observability.dashboards import Dashboard, Panel

DASHBOARD: Final = Dashboard(
    name="backups",
    title="Backups",
    panels=(
        Panel(
            title="Age of the newest complete backup, by schedule",
            expr='time() - max by (schedule) (velero_backup_last_successful_timestamp{schedule!=""})',
            legend="{{schedule}}",
            unit="s",
        ),
        Panel(
            title="Backups that failed, in whole or in part, by schedule",
            expr=(
                "sum by (schedule) (increase(velero_backup_failure_total[1h]) + increase(velero_backup_validation_failure_total[1h])"
                " + increase(velero_backup_partial_failure_total[1h]))"
            ),
            legend="{{schedule}}",
        ),
        Panel(
            title="Duration of backups (95th percentile of a day), by schedule",
            expr="histogram_quantile(0.95, sum by (schedule, le) (increase(velero_backup_duration_seconds_bucket[1d])))",
            legend="{{schedule}}",
            unit="s",
        ),
        Panel(title="Backups in the store", expr="max(velero_backup_total)", legend="backups"),
        Panel(
            title="Stores that answer",
            expr="max by (backup_location_name) (velero_backup_location_status_gauge)",
            legend="{{backup_location_name}}",
        ),
        Panel(
            title="Failed maintenance of repositories within a day",
            expr="sum by (repository_name) (increase(velero_repo_maintenance_failure_total[1d]))",
            legend="{{repository_name}}",
        ),
        Panel(title="Age of what the last drill brought back", expr="max(restore_drill_data_age_seconds)", legend="data", unit="s"),
        Panel(title="Duration of the last drill", expr="max(restore_drill_duration_seconds)", legend="restore", unit="s"),
    ),
)
