"""The engine's parameters: what of PostgreSQL the platform does not leave to RDS' defaults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

SLOW_QUERY_MILLISECONDS: Final = 500
_NOW: Final = "immediate"
# Parameters that PostgreSQL reads when it starts; RDS refuses to apply them at once.
_AT_RESTART: Final = "pending-reboot"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter of a DB parameter group, as RDS has it: all values are text."""

    name: str
    value: str
    apply_method: Literal["immediate", "pending-reboot"] = _NOW


def parameters(*, max_connections: int, readable_standbys: bool = False) -> Sequence[Parameter]:
    """The parameters of every PostgreSQL: TLS, limits and traces of slow minutes (PG-014, PG-015)."""
    # With flow control the writer of a Multi-AZ DB cluster waits for standbys that are two minutes
    # behind. RDS' own parameters load it, and those that replace them have to.
    libraries = "flow_control,pg_stat_statements" if readable_standbys else "pg_stat_statements"
    return (
        Parameter(name="rds.force_ssl", value="1"),
        # Written down rather than left to the formula, so that the alarms' thresholds are facts.
        Parameter(name="max_connections", value=str(max_connections), apply_method=_AT_RESTART),
        Parameter(name="shared_preload_libraries", value=libraries, apply_method=_AT_RESTART),
        Parameter(name="pg_stat_statements.track", value="all"),
        Parameter(name="track_io_timing", value="1"),
        Parameter(name="log_min_duration_statement", value=str(SLOW_QUERY_MILLISECONDS)),
        Parameter(name="log_connections", value="1"),
        Parameter(name="log_disconnections", value="1"),
        Parameter(name="log_lock_waits", value="1"),
        Parameter(name="log_statement", value="ddl"),
        # Kilobytes and milliseconds: a sort that spilled 10 MiB to disk, a vacuum of 10 seconds.
        Parameter(name="log_temp_files", value="10240"),
        Parameter(name="log_autovacuum_min_duration", value="10000"),
        # A transaction left open holds its locks and stops vacuum: it is ended after five minutes,
        # in milliseconds.
        Parameter(name="idle_in_transaction_session_timeout", value="300000"),
    )
