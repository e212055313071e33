from __future__ import annotations

from policies.rules.database.transport import (
    azure_database_requires_tls,
    cloudnative_pg_requires_tls,
    database_parameters_force_tls,
    old_postgres_has_parameters_that_force_tls,
    pooler_requires_tls,
)
from policies.rules.database.versions import rds_release_is_pinned
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import (
    BACKED_UP,
    CLUSTER_PARAMETERS,
    CONFIGURATION,
    IN_CLUSTER,
    INSTANCE,
    PARAMETERS,
    POOL,
    SILENT_PARAMETERS,
)

FORCED = "parameters[1].value"
NONE_FORCED = {"parameters": SILENT_PARAMETERS.properties["parameters"]}
LINES = "spec.postgresql.pg_hba"
REJECTED = "hostnossl  all all\tall reject"
CLOSING = (
    [REJECTED],
    ["host all all 0.0.0.0/0 reject"],
    ["# clients", "local all all peer", "hostssl all app all cert", "hostnossl app app all reject", REJECTED],
)
OPEN: tuple[list[str] | None, ...] = (
    None,
    [],
    ["hostssl all all all scram-sha-256"],
    ["host all app all md5", REJECTED],
    ["hostnossl app all all reject"],
)
MODE = "spec.pgbouncer.parameters.client_tls_sslmode"
OWN_MODE = "spec.pgbouncer.parameters.server_tls_sslmode"

CASES = (
    *cases(
        database_parameters_force_tls,
        accepts(PARAMETERS),
        accepts(PARAMETERS, {FORCED: 1.0}),
        *(accepts(SILENT_PARAMETERS, {"family": family}) for family in ("postgres15", "postgres16", "mysql8.0", "aurora-postgresql16")),
        accepts(SILENT_PARAMETERS, {"parameters": None}),
        accepts(CLUSTER_PARAMETERS),
        accepts(CLUSTER_PARAMETERS, NONE_FORCED | {"family": "aurora-postgresql17"}),
        accepts(CLUSTER_PARAMETERS, NONE_FORCED | {"family": "postgres16"}),
        refuses(PARAMETERS, {FORCED: "0"}),
        refuses(PARAMETERS, {FORCED: "off"}),
        refuses(PARAMETERS, NONE_FORCED),
        refuses(PARAMETERS, {"family": "postgres9.6", "parameters": None}),
        refuses(CLUSTER_PARAMETERS, NONE_FORCED),
        refuses(CLUSTER_PARAMETERS, {FORCED: "0"}),
        undecided(PARAMETERS, "family"),
        undecided(PARAMETERS, FORCED),
        undecided(PARAMETERS, "parameters"),
    ),
    *cases(
        old_postgres_has_parameters_that_force_tls,
        accepts(INSTANCE),
        accepts(INSTANCE, {"engineVersion": None}, others=[rds_release_is_pinned]),
        accepts(INSTANCE, {"engineVersion": "14.12", "parameterGroupName": UNKNOWN}, others=[rds_release_is_pinned]),
        refuses(INSTANCE, {"engineVersion": "14.12"}, at="parameterGroupName", others=[rds_release_is_pinned]),
        refuses(INSTANCE, {"engineVersion": 14.0}, at="parameterGroupName", others=[rds_release_is_pinned]),
        undecided(INSTANCE, "engineVersion"),
    ),
    *cases(
        azure_database_requires_tls,
        accepts(CONFIGURATION),
        accepts(CONFIGURATION, {"value": "ON"}),
        accepts(CONFIGURATION, {"configurationName": "log_checkpoints", "value": "off"}),
        refuses(CONFIGURATION, {"value": "OFF"}),
        refuses(CONFIGURATION, {"value": None}),
        undecided(CONFIGURATION, "value"),
    ),
    *cases(
        cloudnative_pg_requires_tls,
        *(accepts(IN_CLUSTER, {LINES: lines}, beside=BACKED_UP) for lines in CLOSING),
        *(refuses(IN_CLUSTER, {LINES: lines}, beside=BACKED_UP) for lines in OPEN),
        undecided(IN_CLUSTER, LINES, beside=BACKED_UP),
        undecided(IN_CLUSTER, f"{LINES}[0]", beside=BACKED_UP),
    ),
    *cases(
        pooler_requires_tls,
        accepts(POOL),
        accepts(POOL, {MODE: "verify-full"}),
        *(refuses(POOL, {MODE: mode}) for mode in ("prefer", "disable", None)),
        refuses(POOL, {"spec.pgbouncer.parameters": None}, at=MODE),
        refuses(POOL, {OWN_MODE: "prefer"}),
        undecided(POOL, MODE),
        undecided(POOL, OWN_MODE),
    ),
)
