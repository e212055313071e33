"""Resources as an account has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class LiveResource:
    """A resource of the account in the shape of the program's.

    Attributes:
        type: the type token of Pulumi.
        key: what tells it apart from others of its type, such as its identifier.
        arn: what names it to the user.
        inputs: the inputs that the account knows, named and shaped as Pulumi's provider takes them.
        unknown: inputs of the type that no account knows, because Pulumi alone acts on them.
        follows: ARNs of live resources that it depends on.
        by_hand: how one sees that the program did not make it; empty where it may have.
    """

    type: str
    key: str
    arn: str
    inputs: Mapping[str, Any]
    unknown: Sequence[str] = ()
    follows: Sequence[str] = ()
    by_hand: str = ""


@dataclass
class Reading:
    """What was read of an account.

    Attributes:
        resources: what belongs to the stack.
        looked_at: how many resources there were by what was asked for.
        gaps: why something could not be read, by what was asked for; the rest was.
        unread_types: the types whose resources nobody can be missed of.
    """

    resources: list[LiveResource] = field(default_factory=list)
    looked_at: dict[str, int] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)
    unread_types: set[str] = field(default_factory=set)
