"""PG-003: the major release of PostgreSQL is written down, and one that its vendors support for long."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from policies import cloudnative_pg
from policies.findings import Findings
from policies.images import parse_image
from policies.model import Resource, Stack, rule
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, TAKES_OVER, is_postgres, is_replica
from policies.values import Value

LEAST_MAJOR: Final = 16
_DEFAULT: Final = "the major release of PostgreSQL is left to a default, which changes by itself"
_OLD: Final = f"the major release of PostgreSQL is not {LEAST_MAJOR} or newer"
_MAJOR: Final = re.compile(r"([1-9]\d{0,3})(?![\w])")
_SERVICE_MAJOR: Final = re.compile(r"([1-9]\d{0,3})(?:\.0)?")


@rule("PG-003", on=(RDS_INSTANCE, RDS_CLUSTER))
def rds_release_is_pinned(database: Resource, _: Stack) -> Findings:
    """Major or major and minor; a replica that names none has that of its source. Members of a cluster have the cluster's."""
    version = database["engineVersion"].provided(database["engine"])
    if is_postgres(database) and not (version.is_absent and is_replica(database)):
        yield from _check(version, _begins_new, f'Set {version.path} to "{LEAST_MAJOR}" or newer')


@rule("PG-003", on=AZURE_SERVER)
def azure_release_is_pinned(server: Resource, _: Stack) -> Findings:
    """Azure takes majors alone, and installs their minors by itself."""
    version = server["version"]
    if not (version.is_absent and server["createMode"].may_satisfy(TAKES_OVER.__contains__)):
        yield from _check(version, _is_new, f'Set {version.path} to "{LEAST_MAJOR}" or newer')


@rule("PG-003", on=cloudnative_pg.CLUSTER)
def cloudnative_pg_release_is_pinned(database: Resource, _: Stack) -> Findings:
    """By the tag of the image, without which the operator refuses it, or by the major that is taken from a catalogue."""
    image, catalog = database.at("spec.imageName"), database.at("spec.imageCatalogRef")
    if image.is_absent and not catalog.is_absent:
        return _check(catalog["major"], _is_new, f"Set {catalog.path}.major to {LEAST_MAJOR} or newer")
    cure = f"Name an image whose tag begins with {LEAST_MAJOR} or newer"
    return _check(image, lambda name: _begins_new(parse_image(str(name)).tag), cure)


def _check(version: Value, is_new: Callable[[Any], bool], cure: str) -> Findings:
    problem = _DEFAULT if version.is_absent or version.equals("") else _OLD
    return version.must_satisfy(lambda content: content is not None and is_new(content), problem, cure)


def _begins_new(version: Any) -> bool:
    """Whether ``16.9``, ``17`` or ``17-bookworm`` is new enough."""
    found = _MAJOR.match(_text(version))
    return found is not None and int(found[1]) >= LEAST_MAJOR


def _is_new(major: Any) -> bool:
    found = _SERVICE_MAJOR.fullmatch(_text(major))
    return found is not None and int(found[1]) >= LEAST_MAJOR


def _text(content: Any) -> str:
    return "" if isinstance(content, bool) else str(content)
