"""Which images hold a PostgreSQL server, and which only its name: exporters, poolers, backups, clients."""

from __future__ import annotations

import re
from typing import Final

from policies.images import parse_image

_SERVER: Final = re.compile(
    r"(?:crunchy-|edb-)?(?:postgres(?:ql)?|postgis|timescaledb|pgvector|citus|spilo|patroni)"
    r"(?P<rest>(?:\d[a-z0-9]*)?(?:[-_.]+[a-z0-9]+)*)"
)
_TOOL: Final = re.compile(
    r"exporter|operator|bouncer|pool|backup|backups|bkup|dump|restore|client|clients|cli|admin|proxy|migrat\w*|init|tools?|ui|web|"
    r"adapter|connector|mcp|sync|replicator|monitor\w*|metrics|agent|job|setup|provisioner|controller|importer|api|rest|s3|wal|walg|barman|"
    r"upgrade\w*|healthcheck|checker|wait|tests?"
)


def holds_postgres(reference: object) -> bool:
    """Whether an image runs PostgreSQL: by the last step of its name, such as ``bitnami/postgresql-repmgr:17.5.0``."""
    if not isinstance(reference, str):
        return False
    found = _SERVER.fullmatch(parse_image(reference).repository.rpartition("/")[2].lower())
    return found is not None and not any(_TOOL.fullmatch(word) for word in re.split(r"[-_.]", found["rest"]))
