"""PG-014: what the slowest queries were is kept, so that the runbook of high latency can be followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies import cloudnative_pg
from policies.findings import Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.rules.database.configurations import AZURE_CONFIGURATION, is_parameter, may_be_of
from policies.rules.database.high_availability import may_belong
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, is_postgres, is_replica
from policies.rules.database.sizes import is_burstable

_PROBLEM: Final = "nobody can tell which queries were slow: neither samples nor logs of them are kept"
_QUERY_STORE: Final = "pg_qs.query_capture_mode"
_CURE: Final = 'Set performanceInsightsEnabled to true, or add "postgresql" to enabledCloudwatchLogsExports'
_TRACES: Final = ("log_min_duration_statement", "auto_explain.log_min_duration")


@rule("PG-014", on=RDS_INSTANCE)
def rds_keeps_query_analysis(database: Resource, _: Stack) -> Findings:
    """A replica, too: the queries that are slow there are seen nowhere else."""
    if not is_postgres(database) or database["enabledCloudwatchLogsExports"].may_contain("postgresql"):
        return ()
    insights = database["performanceInsightsEnabled"].provided(database["engine"])
    return insights.must_be_true(_PROBLEM, cure=_CURE)


@stack_rule("PG-014", on=(RDS_CLUSTER, RDS_CLUSTER_INSTANCE))
def rds_cluster_keeps_query_analysis(resources: Sequence[Resource], _: Stack) -> Findings:
    """The cluster's own setting, or that of each of its members."""
    clusters = [each for each in resources if each.type == RDS_CLUSTER]
    instances = [each for each in resources if each.type == RDS_CLUSTER_INSTANCE]
    for cluster in clusters:
        if not is_postgres(cluster) or cluster["enabledCloudwatchLogsExports"].may_contain("postgresql"):
            continue
        members = [each for each in instances if may_belong(each, cluster, clusters)]
        insights = cluster["performanceInsightsEnabled"].provided(cluster["engine"])
        if not members or not all(each["performanceInsightsEnabled"].may_equal(expected=True) for each in members):
            yield from insights.must_be_true(_PROBLEM, cure=_CURE)


@stack_rule("PG-014", on=(AZURE_SERVER, AZURE_CONFIGURATION))
def azure_keeps_query_analysis(resources: Sequence[Resource], _: Stack) -> Findings:
    """The Query Store, which is off by default. Replicas have none, and Azure advises against it on burstable tiers."""
    configurations = [each for each in resources if is_parameter(each, _QUERY_STORE)]
    for each in configurations:
        yield from each["value"].must_satisfy(
            lambda mode: str(mode).lower() in {"top", "all"}, f"{_PROBLEM} while the Query Store is off", 'Set value to "top"'
        )
    for server in resources:
        if server.type != AZURE_SERVER or is_replica(server) or is_burstable(server):
            continue
        if not any(may_be_of(each, server) for each in configurations):
            cure = f'Add an {AZURE_CONFIGURATION} of the server that sets {_QUERY_STORE} to "top"'
            yield from server["serverName"].refuse(f"{_PROBLEM} while the Query Store is off", cure)


@rule("PG-014", on=cloudnative_pg.CLUSTER)
def cloudnative_pg_keeps_query_analysis(database: Resource, _: Stack) -> Findings:
    """The operator loads pg_stat_statements where one of its parameters is set."""
    parameters = database.at("spec.postgresql.parameters")
    if parameters.is_unknown or any(key.startswith("pg_stat_statements.") for key, _ in parameters.items()):
        return
    if not any(parameters[trace].may_satisfy(lambda content: str(content or "-1") != "-1") for trace in _TRACES):
        yield from parameters.refuse(_PROBLEM, 'Set pg_stat_statements.track to "top", or log_min_duration_statement to "500ms"')
