from __future__ import annotations

from policies.rules.database.windows import database_is_backed_up_in_its_window
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import CLUSTER, INSTANCE, MEMBERS, MYSQL, REPLICA

WINDOW = "backupWindow"
MAINTENANCE = "maintenanceWindow"

CASES = cases(
    database_is_backed_up_in_its_window,
    accepts(INSTANCE),
    accepts(CLUSTER, beside=MEMBERS),
    accepts(REPLICA),
    accepts(MYSQL, {WINDOW: "01:00-02:00"}),
    *(accepts(INSTANCE, {MAINTENANCE: window}) for window in (None, "Sun:04:00-Sun:04:30", "sat:23:00-sun:03:00", "whenever")),
    *(refuses(INSTANCE, {WINDOW: window}) for window in (None, "04:00-05:00", "03:00-03:30", "03:00-05:00")),
    *(refuses(INSTANCE, {MAINTENANCE: window}) for window in ("sun:03:30-sun:04:30", "Mon:02:00-Mon:03:01", "sun:23:00-mon:05:00")),
    refuses(CLUSTER, {"preferredBackupWindow": None}, beside=MEMBERS),
    refuses(CLUSTER, {"preferredMaintenanceWindow": "wed:03:00-wed:03:30"}, beside=MEMBERS),
    undecided(INSTANCE, WINDOW),
    undecided(INSTANCE, MAINTENANCE),
    undecided(INSTANCE, "engine", {WINDOW: None}),
)
