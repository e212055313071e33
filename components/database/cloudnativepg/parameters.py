"""The engine's parameters: what of PostgreSQL the platform does not leave to the operator's defaults."""

from __future__ import annotations

from typing import Final

from components.database.cloudnativepg.arguments import CloudNativePostgresArgs

_MIB: Final = 2**20
_MOST_KEPT_MIB: Final = 512


def parameters(args: CloudNativePostgresArgs) -> dict[str, str]:
    """The parameters of every instance: its share of the memory, limits and traces of slow minutes (PG-014).

    TLS, replication and archiving are the operator's.
    """
    memory, wal = int(args.settings.memory) // _MIB, int(args.settings.wal_storage) // _MIB
    return {
        "max_connections": str(args.limits.most),
        "shared_buffers": f"{memory // 4}MB",
        "effective_cache_size": f"{memory * 3 // 4}MB",
        "max_wal_size": f"{wal // 4}MB",
        "wal_keep_size": f"{min(_MOST_KEPT_MIB, wal // 8)}MB",
        # A standby that is away for long is copied anew, rather than that it fills the primary's volume.
        "max_slot_wal_keep_size": f"{wal // 2}MB",
        "pg_stat_statements.track": "all",
        "track_io_timing": "on",
        "log_min_duration_statement": "500ms",
        "log_connections": "on",
        "log_disconnections": "on",
        "log_lock_waits": "on",
        "log_statement": "ddl",
        "log_temp_files": "10MB",
        "log_autovacuum_min_duration": "10s",
        # A transaction left open holds its locks and stops vacuum.
        "idle_in_transaction_session_timeout": "5min",
    }
