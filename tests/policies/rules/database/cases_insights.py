from __future__ import annotations

from policies.rules.database.copies import postgres_has_a_copy_in_another_region
from policies.rules.database.insights import (
    azure_keeps_query_analysis,
    cloudnative_pg_keeps_query_analysis,
    rds_cluster_keeps_query_analysis,
    rds_keeps_query_analysis,
)
from policies.rules.database.kinds import RDS_CLUSTER_INSTANCE
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, changed, good, refuses, undecided
from tests.policies.rules.database.good import (
    AZURE_REPLICA,
    BACKED_UP,
    CLUSTER,
    IN_CLUSTER,
    INSTANCE,
    MEMBERS,
    MULTI_AZ_CLUSTER,
    MYSQL,
    QUERY_STORE,
    REPLICA,
    SERVER,
)

INSIGHTS = "performanceInsightsEnabled"
EXPORTS = "enabledCloudwatchLogsExports"
PARAMETERS = "spec.postgresql.parameters"
SILENT = {EXPORTS: ["upgrade"]}
STRANGER = good(RDS_CLUSTER_INSTANCE, {"clusterIdentifier": "other", INSIGHTS: True}, "other")
SEEN = [changed(each, {INSIGHTS: True}) for each in MEMBERS]
OF_ANOTHER = changed(QUERY_STORE, {"serverName": "other"})
LATER = good(QUERY_STORE.type, {**QUERY_STORE.properties, "serverName": UNKNOWN}, "later", after=[SERVER.urn])

CASES = (
    *cases(
        rds_keeps_query_analysis,
        accepts(INSTANCE),
        accepts(INSTANCE, {INSIGHTS: False, EXPORTS: ["postgresql", "upgrade"]}),
        accepts(REPLICA),
        accepts(MYSQL, {INSIGHTS: None}),
        *(refuses(INSTANCE, {EXPORTS: exports, INSIGHTS: None}) for exports in (None, ["upgrade"], [])),
        refuses(INSTANCE, {INSIGHTS: False}),
        refuses(REPLICA, {INSIGHTS: None}),
        undecided(INSTANCE, INSIGHTS),
        undecided(INSTANCE, EXPORTS, {INSIGHTS: None}),
        undecided(INSTANCE, "engine", {INSIGHTS: None}),
    ),
    *cases(
        rds_cluster_keeps_query_analysis,
        accepts(CLUSTER, beside=MEMBERS),
        accepts(CLUSTER, {**SILENT, INSIGHTS: True}, beside=MEMBERS),
        accepts(CLUSTER, SILENT, beside=SEEN),
        accepts(CLUSTER, {**SILENT, "engine": "aurora-mysql"}, beside=MEMBERS),
        refuses(CLUSTER, SILENT, at=INSIGHTS, beside=MEMBERS),
        refuses(CLUSTER, SILENT, at=INSIGHTS, beside=[SEEN[0], MEMBERS[1]]),
        refuses(MULTI_AZ_CLUSTER, SILENT, at=INSIGHTS, others=[postgres_has_a_copy_in_another_region]),
        refuses(
            CLUSTER,
            SILENT,
            at=INSIGHTS,
            beside=[*MEMBERS, STRANGER],
        ),
        undecided(CLUSTER, INSIGHTS, SILENT, beside=MEMBERS),
        undecided(changed(MEMBERS[0], {INSIGHTS: True}), INSIGHTS, beside=[changed(CLUSTER, SILENT), SEEN[1]]),
    ),
    *cases(
        azure_keeps_query_analysis,
        accepts(SERVER, beside=[QUERY_STORE]),
        accepts(SERVER, beside=[changed(QUERY_STORE, {"value": "ALL", "serverName": "Plinth"})]),
        accepts(SERVER, beside=[LATER]),
        accepts(AZURE_REPLICA),
        accepts(QUERY_STORE),
        refuses(SERVER, at="serverName"),
        refuses(SERVER, at="serverName", beside=[OF_ANOTHER]),
        refuses(SERVER, at="serverName", beside=[changed(QUERY_STORE, {"configurationName": "pg_qs.retention_period_in_days"})]),
        refuses(QUERY_STORE, {"value": "none"}, beside=[SERVER]),
        refuses(QUERY_STORE, {"value": "NONE"}),
        undecided(QUERY_STORE, "value", beside=[SERVER]),
        undecided(QUERY_STORE, "serverName", beside=[SERVER]),
        undecided(SERVER, "sku.tier"),
    ),
    *cases(
        cloudnative_pg_keeps_query_analysis,
        accepts(IN_CLUSTER, beside=BACKED_UP),
        accepts(IN_CLUSTER, {PARAMETERS: {"pg_stat_statements.track": "top"}}, beside=BACKED_UP),
        accepts(IN_CLUSTER, {PARAMETERS: {"auto_explain.log_min_duration": "10s"}}, beside=BACKED_UP),
        *(
            refuses(IN_CLUSTER, {PARAMETERS: parameters}, beside=BACKED_UP)
            for parameters in (None, {}, {"max_connections": "100"}, {"log_min_duration_statement": "-1"})
        ),
        undecided(IN_CLUSTER, PARAMETERS, beside=BACKED_UP),
        undecided(IN_CLUSTER, f"{PARAMETERS}.log_min_duration_statement", beside=BACKED_UP),
    ),
)
