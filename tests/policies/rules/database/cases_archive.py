from __future__ import annotations

from facts.tiers import Tier
from policies.rules.database.archive import cloudnative_pg_keeps_backups_long_enough
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.database.good import BACKED_UP, IN_CLUSTER, SCHEDULE, STORE

KEPT = "spec.retentionPolicy"
PLUGINS = "spec.plugins"
NAME = "metadata.name"
IN_TREE = changed(
    IN_CLUSTER, {PLUGINS: None, "spec.backup": {"barmanObjectStore": {"destinationPath": "s3://b/"}, "retentionPolicy": "5w"}}
)
SHORT = changed(STORE, {KEPT: "7d"})
ELSEWHERE = {"metadata.namespace": "elsewhere"}

CASES = cases(
    cloudnative_pg_keeps_backups_long_enough,
    accepts(IN_CLUSTER, beside=BACKED_UP),
    accepts(IN_TREE, beside=[SCHEDULE]),
    accepts(IN_CLUSTER, {"spec.replica": {"enabled": True, "source": "another"}, PLUGINS: None}),
    accepts(IN_CLUSTER, beside=[SCHEDULE, SHORT], tier=Tier.STAGING),
    accepts(IN_CLUSTER, beside=[SCHEDULE]),
    accepts(IN_CLUSTER, beside=[*BACKED_UP, changed(SHORT, {NAME: "archives"})]),
    accepts(IN_CLUSTER, beside=[*BACKED_UP, changed(SHORT, ELSEWHERE)]),
    *(accepts(IN_CLUSTER, beside=[SCHEDULE, changed(STORE, {KEPT: kept})]) for kept in (None, "35d", "5w", "1m")),
    refuses(IN_CLUSTER, {PLUGINS: None}, beside=BACKED_UP),
    refuses(IN_CLUSTER, {f"{PLUGINS}[0].isWALArchiver": False}, at=PLUGINS, beside=BACKED_UP),
    refuses(IN_CLUSTER, {f"{PLUGINS}[0].enabled": False}, at=PLUGINS, beside=BACKED_UP),
    refuses(IN_CLUSTER, at=NAME, beside=[STORE]),
    refuses(IN_CLUSTER, at=NAME, beside=[changed(SCHEDULE, {"spec.suspend": True}), STORE]),
    refuses(IN_CLUSTER, at=NAME, beside=[changed(SCHEDULE, {"spec.cluster.name": "another"}), STORE]),
    refuses(IN_CLUSTER, at=NAME, beside=[changed(SCHEDULE, ELSEWHERE), STORE]),
    refuses(IN_TREE, {"spec.backup.retentionPolicy": "4w"}, beside=[SCHEDULE]),
    *(refuses(STORE, {KEPT: kept}, beside=[IN_CLUSTER, SCHEDULE]) for kept in ("29d", "4w", "30", "0d")),
    *(refuses(STORE, {KEPT: "6d"}, beside=[IN_CLUSTER, SCHEDULE], tier=tier) for tier in (Tier.LOCAL, Tier.DEV, Tier.STAGING)),
    undecided(STORE, KEPT, beside=[IN_CLUSTER, SCHEDULE]),
    undecided(SCHEDULE, "spec.suspend", beside=[IN_CLUSTER, STORE]),
    undecided(IN_CLUSTER, PLUGINS, beside=BACKED_UP),
)
