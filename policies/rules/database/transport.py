"""PG-015: a database takes TLS connections only."""

from __future__ import annotations

import re
from typing import Any, Final

from policies import cloudnative_pg
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.database.configurations import AZURE_CONFIGURATION, is_parameter
from policies.rules.database.kinds import RDS_INSTANCE, is_postgres_primary

PARAMETER_GROUP: Final = "aws:rds/parameterGroup:ParameterGroup"
CLUSTER_PARAMETER_GROUP: Final = "aws:rds/clusterParameterGroup:ClusterParameterGroup"

_FAMILY: Final = re.compile(r"(aurora-)?postgres(?:ql)?(\d{1,4})(?:\.\d+)?")
_FORCED_SINCE: Final = {"": 15, "aurora-": 17}
"""The PostgreSQL release from which RDS and Aurora set rds.force_ssl themselves."""
_PROBLEM: Final = "the database takes connections without TLS"
_CURE: Final = 'Set the parameter rds.force_ssl to "1"'
_EVERYBODY: Final = re.compile(r"host(nossl)? all all (all|0\.0\.0\.0/0) reject")
_WITHOUT_PLAINTEXT: Final = ("local ", "hostssl ", "hostgssenc ", "#")


@rule("PG-015", on=(PARAMETER_GROUP, CLUSTER_PARAMETER_GROUP))
def database_parameters_force_tls(group: Resource, _: Stack) -> Findings:
    """Written out, or by a PostgreSQL release that forces TLS itself."""
    family = _FAMILY.fullmatch(group["family"].text())
    if family is None:
        return
    aurora, release = family.group(1) or "", int(family.group(2))
    parameters = group["parameters"]
    forced = [parameter["value"] for parameter in parameters.each() if parameter["name"].may_equal("rds.force_ssl")]
    for value in forced:
        yield from value.must_satisfy(_is_one, _PROBLEM, _CURE)
    # Aurora knows the parameter only in the group of the cluster.
    decides = not aurora or group.type == CLUSTER_PARAMETER_GROUP
    if not forced and not parameters.is_unknown and decides and release < _FORCED_SINCE[aurora]:
        yield from parameters.refuse(f"{_PROBLEM}: before PostgreSQL {_FORCED_SINCE[aurora]} rds.force_ssl is off", _CURE)


@rule("PG-015", on=RDS_INSTANCE)
def old_postgres_has_parameters_that_force_tls(database: Resource, _: Stack) -> Findings:
    """The default parameters of an old release do not."""
    version = re.match(r"\d{1,4}", str(database["engineVersion"].get("")))
    old = version is not None and int(version.group()) < _FORCED_SINCE[""]
    if old and is_postgres_primary(database):
        problem = f"{_PROBLEM}: the default parameters force it from PostgreSQL {_FORCED_SINCE['']} on"
        yield from database["parameterGroupName"].must_be_set(problem, cure=f"Name a parameter group. {_CURE} in it")


@rule("PG-015", on=AZURE_CONFIGURATION)
def azure_database_requires_tls(configuration: Resource, _: Stack) -> Findings:
    """The parameter require_secure_transport, which is on unless somebody turns it off."""
    if is_parameter(configuration, "require_secure_transport"):
        yield from configuration["value"].must_satisfy(lambda content: str(content).lower() == "on", _PROBLEM, 'Set value to "on"')


@rule("PG-015", on=cloudnative_pg.CLUSTER)
def cloudnative_pg_requires_tls(database: Resource, _: Stack) -> Findings:
    """The operator ends the list with ``host all all all``, which takes connections without TLS; the first line that fits decides."""
    lines = database.at("spec.postgresql.pg_hba")
    for line in lines.each():
        words = " ".join(line.text().split())
        if line.is_unknown or _EVERYBODY.fullmatch(words):
            return
        if not (words.startswith(_WITHOUT_PLAINTEXT) or words.endswith(" reject")):
            break
    if not lines.is_unknown:
        yield from lines.refuse(_PROBLEM, 'Begin the list with "hostnossl all all all reject"')


@rule("PG-015", on=cloudnative_pg.POOLER)
def pooler_requires_tls(pooler: Resource, _: Stack) -> Findings:
    """PgBouncer's own connections to the database have TLS: the operator sets server_tls_sslmode to verify-ca."""
    parameters = pooler.at("spec.pgbouncer.parameters")
    yield from parameters["client_tls_sslmode"].must_be_one_of(("require", "verify-ca", "verify-full"), _PROBLEM, default="prefer")
    yield from parameters["server_tls_sslmode"].must_be_one_of(
        ("require", "verify-ca", "verify-full"), "the pooler may connect to the database without TLS", default="verify-ca"
    )


def _is_one(content: Any) -> bool:
    return content is not True and float(content) == 1
