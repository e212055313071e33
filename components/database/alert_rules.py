"""The alerts about a database, the same wherever it runs: a place says where its figures are.

The pod of the exporter is a label of the series, which the aggregations drop: a restart of the
exporter must not begin an alert's waiting anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from components.alerts import Alert, AlertGroup, Severity
from components.database.limits import ConnectionLimits


@dataclass(frozen=True, kw_only=True)
class DatabaseFigures:
    """Where Prometheus finds the figures of a database.

    Attributes:
        source: who is asked for them, such as ``CloudWatch``.
        label: the label that names an instance.
        instances: its values.
        connections: the series of connections in use.
        counted: how several of them make the connections of one instance.
        scope: further label matchers, such as ``namespace="database"``.
    """

    source: str
    label: str
    instances: Sequence[str]
    connections: str
    counted: Literal["max", "sum"] = "max"
    scope: str = ""

    @property
    def selector(self) -> str:
        """The label matchers of the instances."""
        return f'{{{self._scoped}{self.label}=~"{"|".join(self.instances)}"}}'

    def only(self, instance: str) -> str:
        """The label matchers of one instance."""
        return f'{{{self._scoped}{self.label}="{instance}"}}'

    @property
    def _scoped(self) -> str:
        return f"{self.scope}, " if self.scope else ""

    @property
    def instance(self) -> str:
        """The name of an instance in the texts of an alert."""
        return f"{{{{ $labels.{self.label} }}}}"


@dataclass(frozen=True, kw_only=True)
class StorageFigures:
    """How the figures tell that storage runs out.

    Attributes:
        series: of what is free or used.
        worst: the aggregation that finds the fullest: ``min`` of what is free, ``max`` of what is used.
        low: the condition under which it is low, such as ``< 1024``.
        full: the condition under which the database stops.
        shown: the value in the texts of an alert.
        grows: whether the place grows it by itself.
    """

    series: str
    worst: str
    low: str
    full: str
    shown: str
    grows: bool


def connection_alerts(figures: DatabaseFigures, limits: ConnectionLimits) -> AlertGroup:
    """Connections that run out, in two stages."""
    used = f"{figures.counted} by ({figures.label}) ({figures.connections}{figures.selector})"
    share = f"{{{{ $value }}}} of {limits.most} connections"
    return AlertGroup(
        name="database-connections",
        alerts=(
            Alert(
                name="DatabaseConnectionsHigh",
                expr=f"{used} > {limits.high}",
                wait="5m",
                severity=Severity.P2,
                summary=f"{figures.instance} uses more than 90 % of its connections",
                description=f"{figures.instance} uses {share}; at {limits.last} applications are refused.",
                runbook="database-connections-high",
            ),
            # Name, severity and runbook are those of ALERT-007.
            Alert(
                name="DBConnectionExhausted",
                expr=f"{used} >= {limits.last}",
                wait="1m",
                severity=Severity.P1,
                summary=f"{figures.instance} refuses connections",
                description=f"{figures.instance} uses {share}; the last {limits.reserved} are reserved.",
                runbook="database-runbook",
            ),
        ),
    )


def storage_alerts(figures: DatabaseFigures, storage: StorageFigures) -> AlertGroup:
    """Storage that is low, and storage that will be."""
    series, by = f"{storage.series}{figures.selector}", f"{storage.worst} by ({figures.label})"
    grows = "has not grown by itself" if storage.grows else "does not grow by itself"
    return AlertGroup(
        name="database-storage",
        alerts=(
            Alert(
                name="DatabaseStorageLow",
                expr=f"{by} ({series}) {storage.low}",
                wait="15m",
                severity=Severity.P1,
                summary=f"{figures.instance} runs out of storage",
                description=f"{figures.instance} has {storage.shown} and {grows}: a full database stops.",
                runbook="database-storage-low",
            ),
            Alert(
                name="DatabaseStorageFilling",
                expr=f"{by} (predict_linear({series}[6h], 24 * 3600)) {storage.full}",
                wait="1h",
                severity=Severity.P3 if storage.grows else Severity.P2,
                summary=f"{figures.instance} will be full within a day",
                description=(
                    f"At the pace of the last six hours {figures.instance} lacks space in 24 hours ({storage.shown} then)"
                    + (", unless it grows by itself." if storage.grows else "; it does not grow by itself.")
                ),
                runbook="database-storage-low",
            ),
        ),
    )


def availability_alerts(figures: DatabaseFigures) -> AlertGroup:
    """Figures that are missing, of which no other alert can tell."""
    return AlertGroup(
        name="database-availability",
        alerts=[
            Alert(
                name="DatabaseMetricsMissing",
                expr=" or ".join(f"absent({figures.connections}{figures.only(instance)})" for instance in figures.instances),
                wait="15m",
                severity=Severity.P2,
                summary=f"{figures.source} says nothing about {figures.instance}",
                description=(
                    f"Either {figures.instance} does not run or the exporter of {figures.source} gets no answer; "
                    "the other database alerts are blind."
                ),
                runbook="database-metrics-missing",
            )
        ],
    )


def waiting_alert(figures: DatabaseFigures, series: str, *, patience: str) -> Alert:
    """A pooler whose clients wait; ``series`` counts them, and after ``patience`` each is refused."""
    # The pools together leave a tenth of the connections, so that connections alone would not tell.
    return Alert(
        name="DatabasePoolExhausted",
        expr=f"max by ({figures.label}) ({series}{figures.selector}) > 0",
        wait="5m",
        severity=Severity.P2,
        summary=f"Clients of {figures.instance} wait for a connection",
        description=f"{{{{ $value }}}} clients of a pool of {figures.instance} wait; after {patience} each is refused.",
        runbook="database-connections-high",
    )


def lag_alert(figures: DatabaseFigures, series: str, *, most_seconds: int) -> Alert:
    """A standby whose readers see old data; ``series`` is in seconds."""
    return Alert(
        name="DatabaseReplicaLagHigh",
        expr=f"max by ({figures.label}) ({series}{figures.selector}) > {most_seconds}",
        wait="5m",
        severity=Severity.P2,
        summary=f"{figures.instance} answers with old data",
        description=f"What is read from {figures.instance} is {{{{ $value | humanizeDuration }}}} old.",
        runbook="database-replica-lag",
    )
