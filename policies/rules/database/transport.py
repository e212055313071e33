"""PG-015: a database takes TLS connections only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from policies.model import Facts, Finding, Resource, ResourceRule, violation
from policies.rules.database.kinds import RDS_INSTANCE, is_postgres, is_replica

PARAMETER_GROUP: Final = "aws:rds/parameterGroup:ParameterGroup"
CLUSTER_PARAMETER_GROUP: Final = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
AZURE_CONFIGURATION: Final = "azure-native:dbforpostgresql:Configuration"

_FAMILY: Final = re.compile(r"(aurora-)?postgres(?:ql)?(\d+)(?:\.\d+)?")
_FORCED_SINCE: Final = {"": 15, "aurora-": 17}
"""The PostgreSQL release from which RDS and Aurora set rds.force_ssl themselves."""
_CURE: Final = 'Set the parameter rds.force_ssl to "1"'


def _check_parameters(group: Resource, _: Facts) -> Iterator[Finding]:
    family = _FAMILY.fullmatch(str(group["family"].get("")))
    if family is None:
        return
    aurora, release = family.group(1) or "", int(family.group(2))
    parameters = group["parameters"]
    forced = [parameter["value"] for parameter in parameters.each() if not parameter["name"].is_not("rds.force_ssl")]
    for value in forced:
        if value.fails(_is_one):
            yield violation(value, "the database takes connections without TLS", _CURE)
    # Aurora knows the parameter only in the group of the cluster.
    decides = not aurora or group.type == CLUSTER_PARAMETER_GROUP
    if not forced and not parameters.is_unknown and decides and release < _FORCED_SINCE[aurora]:
        problem = f"the database takes connections without TLS: before PostgreSQL {_FORCED_SINCE[aurora]} rds.force_ssl is off"
        yield violation(parameters, problem, _CURE)


def _check_default_group(database: Resource, _: Facts) -> Iterator[Finding]:
    version = re.match(r"\d+", str(database["engineVersion"].get("")))
    old = version is not None and int(version.group()) < _FORCED_SINCE[""]
    if old and is_postgres(database) and not is_replica(database) and not database.inputs.has("parameterGroupName"):
        problem = f"the database takes connections without TLS: the default parameters force it from PostgreSQL {_FORCED_SINCE['']} on"
        yield violation(database["parameterGroupName"], problem, f"Name a parameter group. {_CURE} in it")


def _check_azure(configuration: Resource, _: Facts) -> Iterator[Finding]:
    name, value = configuration["configurationName"].get(configuration.name), configuration["value"]
    if str(name).lower() == "require_secure_transport" and value.fails(lambda content: str(content).lower() == "on"):
        yield violation(value, "the database takes connections without TLS", 'Set the value to "on"')


def _is_one(content: Any) -> bool:
    return content is not True and float(content) == 1


PARAMETERS: Final = ResourceRule(
    name="database-parameters-force-tls",
    requirements=("PG-015",),
    types=(PARAMETER_GROUP, CLUSTER_PARAMETER_GROUP),
    check=_check_parameters,
)
DEFAULT_PARAMETERS: Final = ResourceRule(
    name="old-postgres-has-parameters-that-force-tls", requirements=("PG-015",), types=(RDS_INSTANCE,), check=_check_default_group
)
AZURE_PARAMETERS: Final = ResourceRule(
    name="azure-database-requires-tls", requirements=("PG-015",), types=(AZURE_CONFIGURATION,), check=_check_azure
)
