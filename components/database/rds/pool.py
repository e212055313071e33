"""The connections of RDS Proxy in numbers, and the alarms about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from components.database.rds.alarms import Alarm
from components.database.rds.model import CLUSTER_ZONES

BORROW_SECONDS: Final = 30
"""How long a client waits for a connection before it is refused."""
_POOLED_PERCENT: Final = 80
_IDLE_PERCENT: Final = 40
_TARGETS: Final = "default"
_LEAST_AVAILABLE_PERCENT: Final = 50


class ProxyRole(StrEnum):
    """What an endpoint of a proxy leads to, as the API calls it."""

    READ_WRITE = "READ_WRITE"
    READ_ONLY = "READ_ONLY"


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The pool before a database.

    Attributes:
        name: of the proxy, unique in the account and region.
        max_connections: of each instance of the database.
        readable_standbys: whether there is a second pool, before these.
    """

    name: str
    max_connections: int
    readable_standbys: bool

    @property
    def percent(self) -> int:
        """The share of an instance's connections that the proxy may have.

        A tenth more is left to administrators and to what needs a session before the alarm about
        connections rings (PG-009).
        """
        return _POOLED_PERCENT

    @property
    def idle_percent(self) -> int:
        """The share that it keeps open where nobody uses them."""
        return _IDLE_PERCENT

    @property
    def roles(self) -> Mapping[ProxyRole, int]:
        """How many connections it has at most to what it leads to."""
        most = self.max_connections * self.percent // 100
        readers = {ProxyRole.READ_ONLY: most * (CLUSTER_ZONES - 1)} if self.readable_standbys else {}
        return {ProxyRole.READ_WRITE: most, **readers}

    def dimensions(self, role: ProxyRole) -> Mapping[str, str]:
        """Of its metrics in CloudWatch (RDS user guide, "Monitoring RDS Proxy metrics", dimension set 4)."""
        return {"ProxyName": self.name, "TargetGroup": _TARGETS, "TargetRole": role.value}


def pool_alarms(pool: Pool) -> Iterator[tuple[ProxyRole, Alarm]]:
    """An alarm for a pool that is used up, and one for a database that the proxy does not reach."""
    for role, most in pool.roles.items():
        which = role.lower().replace("_", "-")
        yield (
            role,
            Alarm(
                role=f"{which}-pool",
                metric="DatabaseConnectionsCurrentlyBorrowed",
                statistic="Sum",
                comparison="GreaterThanOrEqualToThreshold",
                threshold=most,
                minutes=5,
                description=f"All {most} connections of the pool {pool.name} ({role}) have been in use for 5 minutes: clients wait.",
                # CloudWatch has it once the first client has connected.
                always=False,
            ),
        )
        yield (
            role,
            Alarm(
                role=f"{which}-availability",
                metric="AvailabilityPercentage",
                statistic="Average",
                comparison="LessThanThreshold",
                threshold=_LEAST_AVAILABLE_PERCENT,
                minutes=5,
                description=f"The proxy {pool.name} has reached its database ({role}) less than half of the time for 5 minutes.",
                always=False,
            ),
        )
