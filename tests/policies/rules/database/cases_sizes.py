from __future__ import annotations

from policies.rules.database.sizes import azure_tier_is_not_burstable, rds_class_is_not_the_smallest
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import AZURE_REPLICA, CLUSTER, INSTANCE, MEMBERS, MYSQL, REPLICA, SERVER

CLASS = "instanceClass"
TIER = "sku.tier"

CASES = (
    *cases(
        rds_class_is_not_the_smallest,
        *(accepts(INSTANCE, {CLASS: size}) for size in ("db.m7g.large", "db.t4g.medium", "db.r6i.xlarge")),
        accepts(MYSQL, {CLASS: "db.t3.micro"}),
        accepts(MEMBERS[0], {CLASS: "db.serverless"}, beside=[CLUSTER, MEMBERS[1]]),
        *(refuses(INSTANCE, {CLASS: size}) for size in ("db.t3.micro", "db.t3.small", "db.t4g.micro", "db.t4g.small", "db.t2.micro")),
        refuses(REPLICA, {CLASS: "db.t4g.small"}),
        refuses(MEMBERS[0], {CLASS: "db.t3.small"}, beside=[CLUSTER, MEMBERS[1]]),
        undecided(INSTANCE, CLASS),
        undecided(INSTANCE, "engine", {CLASS: "db.t3.micro"}),
    ),
    *cases(
        azure_tier_is_not_burstable,
        accepts(SERVER),
        accepts(SERVER, {"sku": {"name": "Standard_E4ds_v5"}}),
        accepts(AZURE_REPLICA),
        refuses(SERVER, {TIER: "Burstable"}),
        refuses(SERVER, {"sku": {"name": "Standard_B2s"}}, at="sku.name"),
        undecided(SERVER, TIER),
    ),
)
