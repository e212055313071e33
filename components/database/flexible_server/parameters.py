"""The server's parameters: what of PostgreSQL and PgBouncer the platform does not leave to Azure's defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from components.database.limits import ConnectionLimits

SLOW_QUERY_MILLISECONDS: Final = 500
_QUERY_STORE_DAYS: Final = 30
# Its library is loaded by Azure; its view, which the runbooks ask, has to be created.
_STATISTICS: Final = "pg_stat_statements"


def parameters(limits: ConnectionLimits, *, extensions: Sequence[str], pool: int | None) -> Mapping[str, str]:
    """The parameters of a server by name (PG-014, PG-015); all values are text.

    ``pool`` is PgBouncer's size of a pool; None on a burstable server, which has neither PgBouncer nor
    the strength for the Query Store. ``max_connections`` alone needs a restart, which Azure leaves to
    the operator; where it equals what Azure set at creation, nothing is pending.
    """
    return {
        "require_secure_transport": "on",
        "ssl_min_protocol_version": "TLSv1.2",
        # Azure sets it once, at creation: after a change of the SKU it would be another size's.
        "max_connections": str(limits.most),
        "azure.extensions": ",".join(sorted({_STATISTICS, *extensions})),
        f"{_STATISTICS}.track": "all",
        "track_io_timing": "on",
        "log_min_duration_statement": str(SLOW_QUERY_MILLISECONDS),
        "log_lock_waits": "on",
        "log_statement": "ddl",
        # Kilobytes and milliseconds: a sort that spilled 10 MiB to disk, a vacuum of 10 seconds.
        "log_temp_files": "10240",
        "log_autovacuum_min_duration": "10000",
        # A transaction left open holds its locks and stops vacuum: it is ended after five minutes,
        # in milliseconds.
        "idle_in_transaction_session_timeout": "300000",
        **(_pooled(pool) if pool is not None else {}),
    }


def _pooled(pool: int) -> Mapping[str, str]:
    return {
        "pgbouncer.enabled": "true",
        "pgbouncer.pool_mode": "transaction",
        "pgbouncer.default_pool_size": str(pool),
        # Without it the prepared statements of most drivers fail in transaction mode; 200 is PgBouncer's own default.
        "pgbouncer.max_prepared_statements": "200",
        # JDBC sets it in each connection, and PgBouncer refuses what it does not know.
        "pgbouncer.ignore_startup_parameters": "extra_float_digits",
        "metrics.pgbouncer_diagnostics": "on",
        "pg_qs.query_capture_mode": "top",
        "pg_qs.retention_period_in_days": str(_QUERY_STORE_DAYS),
        "pgms_wait_sampling.query_capture_mode": "all",
    }
