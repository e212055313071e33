"""Promtool cases of the alerts about copies of stores in a second region."""

from __future__ import annotations

from typing import Final

from components.alerts import AlertGroup
from components.storage.aws.alerts import alert_groups
from tests.alerts.cases import Case, fires, silent

BACKUPS, EXPORTS = "plinth-production-backups-777788889999-eu-west-1", "plinth-production-exports-777788889999-eu-west-1"
GROUPS: Final[tuple[AlertGroup, ...]] = tuple(alert_groups([BACKUPS, EXPORTS]))
LATENCY: Final = "replication_latency_maximum"
FAILED: Final = "operations_failed_replication_sum"
LABELS: Final = {"dimension_SourceBucket": BACKUPS}


def series(metric: str, bucket: str = BACKUPS, pod: str = "cloudwatch-exporter-1") -> str:
    where = f'region="eu-central-1", name="{bucket}", dimension_SourceBucket="{bucket}", dimension_RuleId="second-region"'
    return f'aws_s3_{metric}{{{where}, pod="{pod}"}}'


CASES: Final[tuple[Case, ...]] = (
    fires("StoreCopiesLate", {series(LATENCY): "901x30"}, "16m", LABELS),
    # The exporter's pod is replaced halfway: the waiting goes on.
    fires("StoreCopiesLate", {series(LATENCY): "950x8 stale", series(LATENCY, pod="x-2"): "_x8 950x30"}, "17m", LABELS),
    silent("StoreCopiesLate", {series(LATENCY): "900x30"}, "20m"),
    silent("StoreCopiesLate", {series(LATENCY): "2000x10 0x30"}, "20m"),
    silent("StoreCopiesLate", {series(LATENCY, "somebody-elses"): "2000x30"}, "20m"),
    # One minute in which something failed is told for an hour.
    fires("StoreCopiesFailing", {series(FAILED): "0 0 3 _x60"}, "30m", LABELS),
    silent("StoreCopiesFailing", {series(FAILED): "0 0 3 _x90"}, "70m"),
    silent("StoreCopiesFailing", {series(FAILED): "0x90"}, "30m"),
    fires("StoreCopiesUnwatched", {series(LATENCY, EXPORTS): "0x90"}, "61m", LABELS),
    silent("StoreCopiesUnwatched", {series(LATENCY): "0x90", series(LATENCY, EXPORTS): "0x90"}, "80m"),
)
