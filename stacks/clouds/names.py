"""Names that the cloud knows a stack by: what it would refuse is refused before anything is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from facts.limits.table import limits_of
from stacks.errors import PlinthError

CLUSTER: Final = {"The cluster": ("aws:eks/cluster:Cluster", "name")}
DATABASE: Final = {"The database": ("aws:rds/instance:Instance", "identifier")}
READABLE_DATABASE: Final = {"The database": ("aws:rds/cluster:Cluster", "clusterIdentifier")}


def check_stack_name(name: str, named: Mapping[str, Sequence[str]]) -> None:
    """Refuse a ``name``, ``<project>-<stack>``, that one of the resources ``named`` after it cannot have.

    Raises:
        PlinthError: says which, and what is allowed.
    """
    limits = {what: limits_of(token)[path] for what, (token, path) in named.items()}
    refused = [f"  {what} may have {limit.allowed} ({limit.source})" for what, limit in limits.items() if not limit.admits(name)]
    if refused:
        raise PlinthError("\n".join([f"the project's and the stack's name make {name}; rename one of them:", *refused]))
