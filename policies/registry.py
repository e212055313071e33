"""Every rule of the pack, in the order in which it speaks: what a domain's modules declare, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Final

from policies.model import ResourceRule, Rule, StackRule
from policies.rules import backup, cluster, database, messaging, network, secrets, security, storage, tenancy, workload

DOMAINS: Final[tuple[ModuleType, ...]] = (messaging, storage, database, cluster, workload, tenancy, network, security, secrets, backup)
"""Each lists its modules as ``MODULES``; a module that is not listed there has no rule in the pack."""


def rules_of(module: ModuleType) -> Iterator[Rule]:
    """The rules that a module declares, in order; those that it imports are another's."""
    for content in vars(module).values():
        if isinstance(content, ResourceRule | StackRule) and content.check.__module__ == module.__name__:
            yield content


RULES: Final[tuple[Rule, ...]] = tuple(rule for domain in DOMAINS for module in domain.MODULES for rule in rules_of(module))
