"""URNs of resources: ``urn:pulumi:<stack>::<project>::<types of the parents>$<type>::<name>``."""

from __future__ import annotations


def type_of(urn: str) -> str:
    """The type token of the resource that a URN names; empty where it is not a URN."""
    _, _, types, *_ = (*urn.split("::"), "", "", "")
    return types.rpartition("$")[2]
