"""Alerts about copies of stores in a second region, and what the CloudWatch exporter has to ask for to feed them.

The exporter names a metric ``aws_s3_<metric>_<statistic>`` and its dimensions ``dimension_SourceBucket``,
``dimension_DestinationBucket`` and ``dimension_RuleId``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from components.alerts import Alert, AlertGroup, Severity
from components.observability.cloudwatch.exporter import CloudWatchJob, CloudWatchMetric
from components.storage.aws.bucket import BucketSpec
from components.storage.aws.replication import MINUTES, RULE

_SOURCE: Final = "dimension_SourceBucket"
_LATENCY: Final = "aws_s3_replication_latency_maximum"
_FAILED: Final = "aws_s3_operations_failed_replication_sum"
_RUNBOOK: Final = "store-copies"


def cloudwatch_jobs(source: BucketSpec, copy: BucketSpec) -> Sequence[CloudWatchJob]:
    """What the exporter has to fetch for the alerts: S3 says in the copy's region how late it is, and in the source's what failed.

    Amazon S3 user guide, "Using S3 Replication metrics".
    """
    dimensions: Mapping[str, str] = {"SourceBucket": source.name, "DestinationBucket": copy.name, "RuleId": RULE}
    metrics = {
        copy.location.region: CloudWatchMetric(name="ReplicationLatency", statistic="Maximum"),
        source.location.region: CloudWatchMetric(name="OperationsFailedReplication", statistic="Sum"),
    }
    return [
        CloudWatchJob(name=source.name, namespace="AWS/S3", dimensions=dimensions, metrics=[metric], region=region)
        for region, metric in metrics.items()
    ]


def alert_groups(buckets: Sequence[str]) -> Sequence[AlertGroup]:
    """The alerts of the copies of ``buckets``."""
    of_ours = f'{{{_SOURCE}=~"{"|".join(buckets)}"}}'
    bucket = f"{{{{ $labels.{_SOURCE} }}}}"
    return [
        AlertGroup(
            name="store-copies",
            alerts=[
                Alert(
                    name="StoreCopiesLate",
                    expr=f"max by ({_SOURCE}) ({_LATENCY}{of_ours}) > {MINUTES * 60}",
                    wait="15m",
                    severity=Severity.P2,
                    summary=f"The copy of {bucket} in the second region is late",
                    description="It is {{ $value | humanizeDuration }} behind; were the region lost now, so much of the backups would be.",
                    runbook=_RUNBOOK,
                ),
                Alert(
                    name="StoreCopiesFailing",
                    # S3 counts each failure once, in the minute in which it gives up.
                    expr=f"max by ({_SOURCE}) (max_over_time({_FAILED}{of_ours}[1h])) > 0",
                    wait="0m",
                    severity=Severity.P2,
                    summary=f"Objects of {bucket} were not copied to the second region",
                    description="{{ $value }} operations of a minute failed, and S3 does not try them again by itself.",
                    runbook=_RUNBOOK,
                ),
                Alert(
                    name="StoreCopiesUnwatched",
                    expr=" or ".join(f'absent({_LATENCY}{{{_SOURCE}="{each}"}})' for each in buckets),
                    # S3 begins to report 15 minutes after the copying does.
                    wait="1h",
                    severity=Severity.P3,
                    summary=f"CloudWatch says nothing about the copy of {bucket}",
                    description=f"Either {bucket} is not copied any more or the exporter gets no answer: copies may be missing.",
                    runbook=_RUNBOOK,
                ),
            ],
        )
    ]
