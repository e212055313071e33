from __future__ import annotations

from policies.rules.database.kinds import RDS_INSTANCE
from policies.rules.database.replicas import replicated_database_has_password_of_its_own
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.database.good import INSTANCE, REPLICA

MANAGED = "manageMasterUserPassword"
NAMED = changed(REPLICA, {"replicateSourceDb": "plinth-production"})
BY_ARN = changed(REPLICA, {"replicateSourceDb": "arn:aws:rds:eu-central-1:123456789012:db:plinth-production"})
OF_ANOTHER = changed(REPLICA, {"replicateSourceDb": "another"})
FOLLOWING = good(RDS_INSTANCE, REPLICA.properties, "replica", after=[INSTANCE.urn])

CASES = cases(
    replicated_database_has_password_of_its_own,
    accepts(INSTANCE, beside=[FOLLOWING]),
    accepts(INSTANCE, beside=[NAMED]),
    accepts(INSTANCE, {MANAGED: True}),
    accepts(INSTANCE, {MANAGED: True}, beside=[OF_ANOTHER]),
    accepts(INSTANCE, {MANAGED: True}, beside=[REPLICA]),
    accepts(INSTANCE, {MANAGED: True, "engine": "sqlserver-se"}, beside=[FOLLOWING]),
    *(refuses(INSTANCE, {MANAGED: True}, beside=[replica]) for replica in (NAMED, BY_ARN, FOLLOWING)),
    refuses(INSTANCE, {MANAGED: True, "identifier": UNKNOWN}, at=MANAGED, beside=[FOLLOWING]),
    refuses(INSTANCE, {MANAGED: True, "engine": "mysql"}, at=MANAGED, beside=[FOLLOWING]),
    undecided(INSTANCE, MANAGED, beside=[FOLLOWING]),
    undecided(INSTANCE, "engine", {MANAGED: True}, beside=[FOLLOWING]),
)
