from __future__ import annotations

from facts.tiers import Tier
from policies.rules.database.backup_retention import postgres_keeps_backups_long_enough
from policies.rules.database.copies import postgres_has_a_copy_in_another_region
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import AZURE_REPLICA, CLUSTER, INSTANCE, MEMBERS, MYSQL, REPLICA, SERVER

DAYS = "backupRetentionPeriod"
LOWER_TIERS = (Tier.LOCAL, Tier.DEV, Tier.STAGING)

CASES = cases(
    postgres_keeps_backups_long_enough,
    accepts(INSTANCE),
    accepts(INSTANCE, {DAYS: "30"}),
    accepts(INSTANCE, {DAYS: 35.0}),
    accepts(CLUSTER, beside=MEMBERS),
    accepts(SERVER),
    accepts(SERVER, {"backup": None}, tier=Tier.STAGING, others=[postgres_has_a_copy_in_another_region]),
    accepts(REPLICA),
    accepts(AZURE_REPLICA),
    accepts(MYSQL),
    *(accepts(INSTANCE, {DAYS: 7.0}, tier=tier) for tier in LOWER_TIERS),
    *(refuses(INSTANCE, {DAYS: days}) for days in (29.0, "7", 0.0, 36.0, "many", None)),
    *(refuses(INSTANCE, {DAYS: days}, tier=tier) for days in (6.0, None) for tier in LOWER_TIERS),
    refuses(CLUSTER, {DAYS: None}, beside=MEMBERS),
    refuses(SERVER, {"backup.backupRetentionDays": 14.0}),
    refuses(SERVER, {"backup": None}, at="backup.backupRetentionDays", others=[postgres_has_a_copy_in_another_region]),
    undecided(INSTANCE, DAYS),
    undecided(INSTANCE, "engine", {DAYS: 1.0}),
    undecided(SERVER, "backup.backupRetentionDays"),
)
