from __future__ import annotations

from policies.rules.database.transport import (
    azure_database_requires_tls,
    database_parameters_force_tls,
    old_postgres_has_parameters_that_force_tls,
)
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.database.good import CLUSTER_PARAMETERS, CONFIGURATION, INSTANCE, PARAMETERS, SILENT_PARAMETERS

FORCED = "parameters[1].value"
NONE_FORCED = {"parameters": SILENT_PARAMETERS.properties["parameters"]}

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
        accepts(INSTANCE, {"engineVersion": None}),
        accepts(INSTANCE, {"engineVersion": "14.12", "parameterGroupName": UNKNOWN}),
        refuses(INSTANCE, {"engineVersion": "14.12"}, at="parameterGroupName"),
        refuses(INSTANCE, {"engineVersion": 14.0}, at="parameterGroupName"),
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
)
