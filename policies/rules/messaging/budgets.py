"""PodDisruptionBudgets: which pods they cover."""

from __future__ import annotations

from typing import Final

from policies.label_selectors import selects
from policies.model import Resource
from policies.namespaces import declared_namespace
from policies.values import Value

BUDGET_TYPES: Final = ("kubernetes:policy/v1:PodDisruptionBudget", "kubernetes:policy/v1beta1:PodDisruptionBudget")


def may_cover(budget: Resource, owner: Resource, labels: Value) -> bool:
    """Whether a budget may cover the pods of ``owner``, which have ``labels``.

    Namespaces that are unknown at preview are taken to be the same: the labels still have to match.
    """
    one, other = declared_namespace(budget), declared_namespace(owner)
    same = one is None or other is None or one == other
    return same and selects(budget.at("spec.selector"), labels)
