"""PG-001: a stack whose applications need PostgreSQL declares a managed one.

An application needs one that is told where it is: by a variable such as ``PGHOST`` or
``DATABASE_URL``, whatever its value comes from. Where the value is the address of a managed service,
another stack declares that; where it is not known yet, nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from policies import cloudnative_pg
from policies.config_maps import CONFIG_MAP_TYPE, ConfigMaps
from policies.findings import Findings
from policies.helm import RELEASE_TYPES
from policies.model import Resource, Stack, stack_rule
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_postgres
from policies.rules.database.places import OPERATED_TYPES, runs_postgres
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec

MANAGED_TYPES: Final = (RDS_INSTANCE, RDS_CLUSTER, AZURE_SERVER)

_PLACE: Final = r"(?:URL|URI|DSN|HOST|HOSTNAME|HOSTADDR|ENDPOINT|ADDR|ADDRESS|SERVER|CONNECTION_STRING)"
_OF_POSTGRES: Final = re.compile(rf"(?:.*_)?(?:PG|POSTGRES|POSTGRESQL)_?{_PLACE}")
_OF_SOME_DATABASE: Final = re.compile(rf"(?:.*_)?(?:DATABASE|DB|DATASOURCE|JDBC)_{_PLACE}|(?:.*_)?JDBC_DATABASE_URL")
_POSTGRES_ADDRESS: Final = re.compile(r"(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?://")
_ADDRESS: Final = re.compile(r"jdbc:|sqlite:|[a-z][a-z0-9+]*://")
_MANAGED_HOST: Final = re.compile(
    r"\.rds\.amazonaws\.com(?:\.cn)?\b|\.postgres\.database\.(?:azure\.com|chinacloudapi\.cn|usgovcloudapi\.net)\b"
)
_OF_ANOTHER: Final = re.compile(r".*(?:REDIS|MONGO|MYSQL|MARIA|MSSQL|ORACLE|CLICKHOUSE|ELASTIC|CASSANDRA|NEO4J|DYNAMO|SQLITE).*")
_ENGINE: Final = re.compile(r"(?:.*_)?(?:DATABASE|DB)_(?:TYPE|ENGINE|CONNECTION|DRIVER|DIALECT|CLIENT|VENDOR|PORT)")
_OTHER_ENGINE: Final = re.compile(r"(?i).*(?:mysql|mariadb|mongo|mssql|sqlserver|oracle|sqlite|h2|cassandra).*|3306|1433|1521|27017")
_LATER: Final = "a variable of another name is asked for only where its value is known"
_PROBLEM: Final = "the application needs PostgreSQL, and the stack declares no managed one"
_CURE: Final = (
    "Add an aws:rds/instance:Instance or aws:rds/cluster:Cluster of PostgreSQL, or an azure-native:dbforpostgresql:Server, "
    "and take its address from there"
)


@stack_rule("PG-001", on=(*WORKLOAD_TYPES, CONFIG_MAP_TYPE, *RELEASE_TYPES, *MANAGED_TYPES, cloudnative_pg.CLUSTER, *OPERATED_TYPES))
def stack_declares_database_for_its_applications(resources: Sequence[Resource], _: Stack) -> Findings:
    """One variable of each workload is enough; what runs in the cluster instead, other rules speak of."""
    if any(is_postgres(each) if each.type in MANAGED_TYPES else runs_postgres(each) for each in resources):
        return
    config_maps = ConfigMaps(resources)
    has_others = any(each.type in MANAGED_TYPES for each in resources)
    for workload in resources:
        if workload.type in WORKLOAD_TYPES:
            yield from _check(workload, config_maps, has_others=has_others)


def _check(workload: Resource, config_maps: ConfigMaps, *, has_others: bool) -> Findings:
    for container in containers(pod_spec(workload)):
        told = list(_variables(container.spec, workload, config_maps))
        is_other = has_others or any(_names_other(name, value) for name, _, value in told)
        for name, place, value in told:
            if _needs(name, value, is_other=is_other):
                if value is None or not value.may_satisfy(lambda content: _MANAGED_HOST.search(str(content)) is not None):
                    yield from place.refuse(f"by {name} {_PROBLEM}", _CURE)
                return


def _variables(container: Value, workload: Resource, config_maps: ConfigMaps) -> Iterator[tuple[str | None, Value, Value | None]]:
    """The variables of a container: name, None where it is unknown; place; and value, None where the stack does not say it."""
    for variable in container["env"].each():
        place, source = variable["name"], variable.at("valueFrom.configMapKeyRef")
        name = None if place.is_unknown else place.text()
        if source.is_present:
            found = [each["data"][source["key"].text()] for each in config_maps.named(source, workload)]
            yield name, place, found[0] if found else None
        else:
            yield name, place, None if variable["valueFrom"].is_present else variable["value"]
    for source in container["envFrom"].each():
        for config_map in config_maps.named(source["configMapRef"], workload):
            for key, value in config_map["data"].items():
                yield source["prefix"].text() + key, source.at("configMapRef.name"), value


def _needs(name: str | None, value: Value | None, *, is_other: bool) -> bool:
    """Whether a variable leads to PostgreSQL; one of some database does where nothing says that it is another."""
    if _matches(_POSTGRES_ADDRESS, value):
        return True
    if name is None or _matches(_ADDRESS, value):
        return False
    upper = name.upper()
    is_other = is_other or _OF_ANOTHER.fullmatch(upper) is not None
    return _OF_POSTGRES.fullmatch(upper) is not None or (_OF_SOME_DATABASE.fullmatch(upper) is not None and not is_other)


def _names_other(name: str | None, value: Value | None) -> bool:
    """Whether a variable says, or may say, that the database is another one."""
    if name is None:
        return True
    return _ENGINE.fullmatch(name) is not None and value is not None and value.may_satisfy(lambda content: _is_like(_OTHER_ENGINE, content))


def _matches(pattern: re.Pattern[str], value: Value | None) -> bool:
    return value is not None and _is_like(pattern, value.peek(_LATER))


def _is_like(pattern: re.Pattern[str], content: Any) -> bool:
    return isinstance(content, str | float | int) and pattern.match(str(content).removesuffix(".0")) is not None
