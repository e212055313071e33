"""PG-006: backups of production databases are taken when everybody expects them, and not during maintenance."""

from __future__ import annotations

from typing import Any, Final

from facts.windows import WindowError, check_windows
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.database.kinds import RDS_CLUSTER, RDS_INSTANCE, is_postgres_primary

WINDOW: Final = "03:00-04:00"
_PLACES: Final = {
    RDS_INSTANCE: ("backupWindow", "maintenanceWindow"),
    RDS_CLUSTER: ("preferredBackupWindow", "preferredMaintenanceWindow"),
}


@rule("PG-006", on=tuple(_PLACES))
def database_is_backed_up_in_its_window(database: Resource, _: Stack) -> Findings:
    """RDS picks a window where none is written. Azure has none to set, and a replica's backups are those of its source."""
    if not is_postgres_primary(database):
        return ()
    backup, maintenance = (database[place].provided(database["engine"]) for place in _PLACES[database.type])
    problem = f"backups are not taken at {WINDOW} UTC, when operators expect them"
    return backup.must_equal(WINDOW, problem) or maintenance.must_satisfy(
        _is_apart, f"maintenance overlaps the backups at {WINDOW} UTC, which RDS refuses", "Move it, for instance to sun:04:30-sun:05:30"
    )


def _is_apart(maintenance: Any) -> bool:
    """Whether a window lies beside that of the backups.

    Where none is written RDS finds one that does; one that is malformed, it refuses by itself.
    """
    if not isinstance(maintenance, str):
        return True
    try:
        check_windows(WINDOW, maintenance.lower())
    except WindowError as error:
        return "overlaps" not in str(error)
    return True
