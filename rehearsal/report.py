"""What a rehearsal finds, for people and machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

SCHEMA_VERSION: Final = 1
"""Raised when a key of the document changes its meaning or goes; new keys come without."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """An object that the cluster does not take, or takes with a warning; ``origin`` is what declares it."""

    kind: str
    namespace: str
    name: str
    origin: str
    message: str = ""

    def because(self, message: str) -> Refusal:
        """The same with its reason."""
        return replace(self, message=message)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A workload that does not have its pods, a claim without a volume, or a budget that stops a drain."""

    kind: str
    namespace: str
    name: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Loss:
    """What comes of taking a zone, or the only zone's fullest node, away.

    Attributes:
        taken: ``zone`` or ``node``.
        name: which one.
        without_quorum: stateful sets of three and more with less than a majority left.
        pending: workloads that have not got all their pods back elsewhere.
        budgets: budgets that are not kept, so that nothing more may be drained.
        grown: nodes that the pools gained in its place, by pool.
    """

    taken: str
    name: str
    without_quorum: Sequence[Trouble]
    pending: Sequence[Trouble]
    budgets: Sequence[Trouble]
    grown: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A whole rehearsal.

    Attributes:
        release: the stack's Kubernetes release.
        kubernetes: the version of the API server, which need not be of that release.
        nodes: how many there are in each zone, once every pod has been given a place.
        objects: how many were applied.
        pods: how many run.
        refused: objects that the API server does not take: schema, Pod Security, quota, limits.
        warnings: what it takes with a warning.
        unplaced: workloads whose pods are not made, or find no node, each with the reason.
        claims: claims without a volume.
        blocking: budgets that let nobody drain a node.
        not_rehearsed: objects of which nothing can be said, with the reason.
        grown: nodes that the pools gained beyond their least size, by pool.
        loss: None where there were no nodes to take away.
    """

    stack: str
    release: str
    kubernetes: str
    nodes: Mapping[str, int]
    objects: int
    pods: int
    refused: Sequence[Refusal] = ()
    warnings: Sequence[Refusal] = ()
    unplaced: Sequence[Trouble] = ()
    claims: Sequence[Trouble] = ()
    blocking: Sequence[Trouble] = ()
    not_rehearsed: Sequence[Refusal] = ()
    grown: Mapping[str, int] = field(default_factory=dict)
    loss: Loss | None = None

    @property
    def passes(self) -> bool:
        """Whether everything was taken and runs, and what declares a quorum keeps it."""
        return not (self.refused or self.unplaced or self.claims or (self.loss and self.loss.without_quorum))


def render_document(report: Report) -> dict[str, Any]:
    """The report as one JSON document: the attributes of :class:`Report`, and the verdict ``passes`` or ``fails``."""
    return {"schemaVersion": SCHEMA_VERSION, "verdict": "passes" if report.passes else "fails", **_in_camel_case(asdict(report))}


def _in_camel_case(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {_camel(key): _below(value) for key, value in fields.items()}


def _below(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_in_camel_case(each) for each in value]
    if isinstance(value, Mapping) and "taken" in value:
        return _in_camel_case(value)
    return value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return "".join([first, *map(str.capitalize, rest)])
