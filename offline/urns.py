"""URNs as the engine forms them: ``urn:pulumi:<stack>::<project>::<types of the parents>$<type>::<name>``."""

from __future__ import annotations

from typing import Final

from pulumi.runtime.proto import alias_pb2

from policies.urns import type_of

STACK_TYPE: Final = "pulumi:pulumi:Stack"
PROVIDER_PREFIX: Final = "pulumi:providers:"


def make_urn(*, stack: str, project: str, parent: str, token: str, name: str) -> str:
    """The URN of a resource below ``parent`` (a URN, or empty); the stack's own type is left out of the types of its children."""
    above = parent.split("::")[2] if parent else STACK_TYPE
    return f"urn:pulumi:{stack}::{project}::{token if above == STACK_TYPE else f'{above}${token}'}::{name}"


def alias_urn(alias: alias_pb2.Alias, urn: str, parent: str) -> str:
    """The URN that ``alias`` of the resource ``urn`` stands for: what it does not name is as the resource has it."""
    if alias.HasField("urn"):
        return alias.urn
    stack, project, _, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    spec = alias.spec
    return make_urn(
        stack=spec.stack or stack,
        project=spec.project or project,
        parent="" if spec.noParent else spec.parentUrn or parent,
        token=spec.type or type_of(urn),
        name=spec.name or name,
    )


def urn_of(reference: str) -> str:
    """The URN in a reference to a provider, ``<urn>::<id>``; empty for an empty one."""
    return reference.rpartition("::")[0]
