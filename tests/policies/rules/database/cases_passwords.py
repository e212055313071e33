from __future__ import annotations

from facts.tiers import Tier
from policies.rules.database.passwords import administrator_signs_in_by_entra_or_has_generated_password, password_is_managed_or_generated
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import AZURE_REPLICA, CLUSTER, INSTANCE, MEMBERS, MYSQL, REPLICA, SERVER

MANAGED = "manageMasterUserPassword"
NONE = {"passwordWo": None}
SIGN_IN = "authConfig.passwordAuth"
GENERATED = {"authConfig": None, "administratorLoginPassword": Secret(UNKNOWN)}

CASES = (
    *cases(
        password_is_managed_or_generated,
        accepts(INSTANCE),
        accepts(INSTANCE, {"passwordWo": None, "password": Secret(UNKNOWN)}),
        accepts(INSTANCE, {"passwordWo": None, MANAGED: True}),
        accepts(CLUSTER, beside=MEMBERS),
        accepts(CLUSTER, {MANAGED: None, "masterPassword": Secret("generated")}, beside=MEMBERS),
        *(
            accepts(INSTANCE, {**NONE, beginning: value})
            for beginning, value in (("snapshotIdentifier", UNKNOWN), ("restoreToPointInTime", {"useLatestRestorableTime": True}))
        ),
        accepts(CLUSTER, {MANAGED: None, "globalClusterIdentifier": "orders"}, beside=MEMBERS),
        accepts(REPLICA),
        accepts(MYSQL, NONE),
        refuses(INSTANCE, NONE, at=MANAGED),
        refuses(INSTANCE, {**NONE, "password": ""}, at=MANAGED, tier=Tier.DEV),
        refuses(INSTANCE, {**NONE, MANAGED: False}),
        refuses(CLUSTER, {MANAGED: None}, beside=MEMBERS),
        undecided(INSTANCE, MANAGED, NONE),
        undecided(INSTANCE, "engine", NONE),
    ),
    *cases(
        administrator_signs_in_by_entra_or_has_generated_password,
        accepts(SERVER),
        accepts(SERVER, GENERATED),
        accepts(AZURE_REPLICA),
        accepts(SERVER, {"authConfig": None, "createMode": "GeoRestore", "sourceServerResourceId": UNKNOWN}),
        refuses(SERVER, {"authConfig": None}, at=SIGN_IN),
        refuses(SERVER, {SIGN_IN: "Enabled"}),
        refuses(SERVER, {SIGN_IN: None, "createMode": "Create"}, at=SIGN_IN),
        undecided(SERVER, SIGN_IN),
        undecided(SERVER, "createMode", {"authConfig": None}),
    ),
)
