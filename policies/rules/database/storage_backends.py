"""PG-010: applications keep usage and traces in PostgreSQL, not in memory or in a file of a pod.

What counts is the store that an application is told to use, ``STORAGE`` or ``STORAGE_BACKEND``. A
Redis by itself is right: as a cache it is in its place, and as the store of an application it is the
value of that variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from policies.config_maps import CONFIG_MAP_TYPE, ConfigMaps
from policies.findings import Findings
from policies.model import Resource, Stack, rule, stack_rule
from policies.overlays import OVERLAY_TYPES, entries, overlay
from policies.search import child, where_on
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec

VARIABLES: Final = ("STORAGE", "STORAGE_BACKEND")
PRODUCTION_BACKEND: Final = "postgresql-ha"
_EPHEMERAL: Final = frozenset(
    {"memory", "in-memory", "inmemory", "mem", "ram", "sqlite", "sqlite3", "redis", "rediss", "valkey", "memcached", "ephemeral", "tmpfs"}
)


@rule("PG-010", on=(CONFIG_MAP_TYPE, f"{CONFIG_MAP_TYPE}Patch"))
def config_map_names_persistent_storage(config_map: Resource, stack: Stack) -> Findings:
    """Whether a pod takes it as a variable cannot always be seen; nothing else has a key of that name."""
    for name in VARIABLES:
        place = config_map["data"][name]
        if not place.is_absent:
            yield from _check(place, stack)


@rule("PG-010", on=WORKLOAD_TYPES)
def workload_has_persistent_storage(workload: Resource, stack: Stack) -> Findings:
    """Every container of a pod, whichever way it runs."""
    for variable in _variables(workload):
        if variable["valueFrom"].is_absent:
            yield from _check(variable["value"], stack)


@stack_rule("PG-010", on=(CONFIG_MAP_TYPE, *WORKLOAD_TYPES))
def workload_takes_persistent_storage_from_config_maps(resources: Sequence[Resource], stack: Stack) -> Findings:
    """Under keys with other names, which a variable's reference or the prefix of a whole ConfigMap turns into those of the store."""
    config_maps = ConfigMaps(resources)
    judged: set[tuple[str, str]] = set()
    for workload in resources:
        if workload.type == CONFIG_MAP_TYPE:
            continue
        for config_map, key in _references(workload, config_maps):
            place = config_map["data"][key]
            if key not in VARIABLES and (config_map.urn, key) not in judged and not place.is_absent:
                judged.add((config_map.urn, key))
                yield from _check(place, stack)


@rule("PG-010", on=OVERLAY_TYPES)
def chart_names_persistent_storage(release: Resource, stack: Stack) -> Findings:
    """Variables in a chart's values, or in a patch: as a mapping, or as a list of names and values."""
    for entry in entries(overlay(release), where_on):
        name = child(entry.holder, "name")
        named = entry.key in VARIABLES or (entry.key == "value" and name is not None and name.text() in VARIABLES)
        if named and entry.value.may_satisfy(lambda content: not isinstance(content, dict | list)):
            yield from _check(entry.value, stack)


def _variables(workload: Resource) -> Iterator[Value]:
    for container in containers(pod_spec(workload)):
        for variable in container.spec["env"].each():
            if variable["name"].text() in VARIABLES:
                yield variable


def _references(workload: Resource, config_maps: ConfigMaps) -> Iterator[tuple[Resource, str]]:
    """The ConfigMaps and their keys that variables of the store come from."""
    for variable in _variables(workload):
        reference = variable.at("valueFrom.configMapKeyRef")
        for config_map in config_maps.named(reference, workload):
            yield config_map, reference["key"].text()
    for container in containers(pod_spec(workload)):
        for source in container.spec["envFrom"].each():
            prefix = source["prefix"].text()
            for config_map in config_maps.named(source["configMapRef"], workload) if prefix else ():
                yield from ((config_map, name.removeprefix(prefix)) for name in VARIABLES if name.startswith(prefix))


def _check(place: Value, stack: Stack) -> Findings:
    if stack.is_production:
        return place.must_satisfy(
            lambda content: _is_reference(content) or _backend(content) == PRODUCTION_BACKEND,
            "production does not keep its state in PostgreSQL with a standby",
            f'Set {place.path} to "{PRODUCTION_BACKEND}"',
        )
    return place.must_satisfy(
        lambda content: _backend(content) not in _EPHEMERAL,
        "the application's state is lost with its pod",
        f'Set {place.path} to "postgresql"',
    )


def _is_reference(content: Any) -> bool:
    """Whether Kubernetes or a template puts something else in its place."""
    return isinstance(content, str) and any(each in content for each in ("$(", "${", "{{"))


def _backend(content: Any) -> str:
    """The kind of store that a value names: of ``sqlite:///data.db`` and ``SQLite`` the same."""
    return content.strip().lower().partition(":")[0].replace("_", "-") if isinstance(content, str) else ""
