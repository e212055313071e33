"""Databases of the enterprise tier, of which PG-007, PG-008 and DR-002 ask more than of others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from policies import cloudnative_pg
from policies.findings import Finding, Findings
from policies.model import Resource
from policies.tags import tag

_NAMES: Final = ("tier", "platform:tier", "platform/tier")


def is_enterprise(database: Resource) -> bool:
    """Whether a database is tagged so, an object of Kubernetes labelled or annotated; one whose tag is unknown (noted) is not."""
    if database.type != cloudnative_pg.CLUSTER:
        places = [tag(database, *_NAMES)]
    else:
        places = [database.at("metadata")[kind][name] for kind in ("labels", "annotations") for name in _NAMES]
    return any(place.satisfies(lambda content: str(content).lower() == "enterprise") for place in places)


def about(found: Findings, database: Resource, *always: str, enterprise: tuple[str, ...] = ()) -> Iterator[Finding]:
    """The findings about a database, with the requirements that they are about: ``enterprise`` are those of its tier alone."""
    for finding in found:
        yield replace(finding, requirements=(*always, *(enterprise if enterprise and is_enterprise(database) else ())))
