"""Alerts about what is copied: mirrors and sources that fall behind or hear nothing, and certificates for people to take over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from components.alerts import Alert, Severity
from components.messaging.nats.certificates import LINK_LIFETIME

# A former leader goes on reporting what it knew of the stream's origin.
_LEADER: Final = '{is_stream_leader="true"}'
_COPY: Final = "account_name, stream_name"
_SILENCE: Final = "120e9"
"""Nanoseconds; the origin sends something every second."""

_FRESH: Final = int((LINK_LIFETIME - timedelta(days=14)).total_seconds())
"""Seconds for which a certificate is valid that was issued a fortnight ago."""

COPIES: Final = (
    Alert(
        name="NatsMirrorLagHigh",
        expr=f"max by ({_COPY}, mirror_name) (nats_stream_mirror_lag{_LEADER}) > 10000",
        wait="10m",
        severity=Severity.P2,
        summary="Mirror {{ $labels.stream_name }} is {{ $value | humanize }} messages behind {{ $labels.mirror_name }}",
        description="What the mirror lacks would be lost with the primary: the lag is the recovery point across regions.",
        runbook="nats-mirror-lag",
    ),
    # A mirror that hears nothing keeps its last lag: only its silence grows.
    Alert(
        name="NatsMirrorSilent",
        expr=(
            f"max by ({_COPY}, mirror_name) (nats_stream_mirror_active_duration_ns{_LEADER}) > {_SILENCE}"
            f" or max by ({_COPY}, mirror_name) (nats_stream_mirror_active_duration_ns{_LEADER}) < 0"
        ),
        wait="3m",
        severity=Severity.P2,
        summary="Mirror {{ $labels.stream_name }} hears nothing of {{ $labels.mirror_name }}",
        description="Stream {{ $labels.stream_name }} gets no copy of new messages: with the primary lost now, they would be lost too.",
        runbook="nats-mirror-lag",
    ),
    Alert(
        name="NatsSourceLagHigh",
        expr=f"max by ({_COPY}, source_name) (nats_stream_source_lag{_LEADER}) > 10000",
        wait="10m",
        severity=Severity.P2,
        summary="Stream {{ $labels.stream_name }} is {{ $value | humanize }} messages behind its source {{ $labels.source_name }}",
        description="Whoever reads {{ $labels.stream_name }} sees the messages of {{ $labels.source_name }} late.",
        runbook="nats-mirror-lag",
    ),
    Alert(
        name="NatsSourceSilent",
        expr=(
            f"max by ({_COPY}, source_name) (nats_stream_source_active_duration_ns{_LEADER}) > {_SILENCE}"
            f" or max by ({_COPY}, source_name) (nats_stream_source_active_duration_ns{_LEADER}) < 0"
        ),
        wait="3m",
        severity=Severity.P2,
        summary="Stream {{ $labels.stream_name }} hears nothing of its source {{ $labels.source_name }}",
        description="New messages of {{ $labels.source_name }} do not reach {{ $labels.stream_name }}.",
        runbook="nats-mirror-lag",
    ),
    Alert(
        name="NatsLinkCertificateRenewed",
        # Nothing but this tells the people who take it to the other cluster.
        expr=f'max by (name) (certmanager_certificate_expiration_timestamp_seconds{{name=~"leaf-.+-nats-tls"}}) - time() > {_FRESH}',
        wait="1h",
        severity=Severity.P3,
        summary="Certificate {{ $labels.name }} is new: take it to the cluster that copies",
        description="What that cluster has is valid for half a year more; then it can no longer call, and its copies stand still.",
        runbook="nats-failover",
    ),
)
