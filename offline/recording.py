"""What an offline run leaves behind: every resource as it was registered, the pack's diagnostics, the stack's outputs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct

from offline.properties import plain_struct

_REQUIREMENTS: Final = re.compile(r"\[([A-Z0-9]+-\d+(?: [A-Z0-9]+-\d+)*)\] ")


@dataclass(kw_only=True)
class RecordedResource:
    """One resource as the program registered it, after transforms, remediations and what it inherits from its parent.

    ``options`` holds what differs from the default, by the names of ``pulumi.ResourceOptions`` (:func:`offline.options.recorded_options`).
    ``provider`` is the engine's reference, ``<urn>::<id>``. ``read`` marks a resource that was looked up (``get``), not registered;
    ``transforms`` counts the functions that ran over the registration. ``properties`` are the inputs and ``state`` the outputs as
    they travel on the wire: what the preview knows of a custom resource, what a component registered.
    """

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    properties: Struct = field(repr=False)
    options: Mapping[str, Any]
    dependencies: Sequence[str]
    property_dependencies: Mapping[str, Sequence[str]]
    provider: str = ""
    remote: bool = False
    read: bool = False
    transforms: int = 0
    state: Struct | None = field(default=None, repr=False)

    @cached_property
    def inputs(self) -> dict[str, Any]:
        """The inputs as plain Python; see :mod:`offline.properties`."""
        return plain_struct(self.properties)

    @property
    def outputs(self) -> dict[str, Any] | None:
        """The outputs as plain Python, without those that are not known; None for a component that has not registered any."""
        return None if self.state is None else plain_struct(self.state)


@dataclass(frozen=True, kw_only=True)
class Diagnostic:
    """What the pack says of one resource, or of the stack where ``urn`` is the stack's.

    ``level`` is advisory or mandatory. ``details`` are the parts of the message, as JSON has them, where the pack tells them
    (:class:`offline.analysis.ExplainingPack`).
    """

    policy: str
    level: str
    urn: str
    message: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def requirements(self) -> list[str]:
        """The requirement ids that the message begins with."""
        found = _REQUIREMENTS.match(self.message)
        return found[1].split() if found else []


@dataclass(frozen=True, kw_only=True)
class Remediation:
    """A policy of the pack has rewritten the inputs of the resource ``urn``."""

    policy: str
    urn: str
    description: str


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """A line that the program wrote through ``pulumi.log``."""

    severity: str
    message: str
    urn: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """A finished run: resources in the order of registration, the stack's own one first; diagnostics by URN, policy and message.

    Default providers, which have no parent, are not shown, as in the CLI's preview.
    """

    stack: str
    project: str
    resources: Sequence[RecordedResource]
    diagnostics: Sequence[Diagnostic]
    remediations: Sequence[Remediation]
    outputs: Mapping[str, Any]
    log: Sequence[LogEntry]
