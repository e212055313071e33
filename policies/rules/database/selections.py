"""Which databases a plan of AWS Backup copies: its selections, as AWS Backup reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from policies.model import Resource
from policies.rules.database.kinds import RDS_CLUSTER
from policies.rules.database.references import IDENTIFIERS
from policies.tags import tag
from policies.urns import type_of
from policies.values import Value

PLAN: Final = "aws:backup/plan:Plan"
SELECTION: Final = "aws:backup/selection:Selection"

_ID: Final = "the id of a plan that the stack makes comes with it: the dependency tells"
_NAME: Final = "an identifier that is unknown may be any"
_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "stringEquals": lambda have, want: have == want,
    "stringLikes": lambda have, want: have is not None and fnmatchcase(str(have), str(want)),
    "stringNotEquals": lambda have, want: have != want,
    "stringNotLikes": lambda have, want: have is None or not fnmatchcase(str(have), str(want)),
}
_TAG: Final = "aws:ResourceTag/"
_ARN: Final = ("arn", "partition", "service", "region", "account", "type", "name")


def may_be_of(selection: Resource, plan: Resource) -> bool:
    """Whether a selection is of a plan, or may be (noted)."""
    if isinstance(selection["planId"].peek(_ID), str):
        return False
    followed = [urn for urn in selection.dependencies if type_of(urn) == PLAN]
    return plan.urn in followed if followed else selection["planId"].is_unknown


def may_take(selection: Resource, database: Resource) -> bool:
    """Whether a selection takes a database: named, by pattern or tag, and not left out again; an unknown (noted) may.

    Resources and tags add to each other, conditions narrow them, and where neither names anything, everything counts.
    """
    named, tags, left_out = selection["resources"], selection["selectionTags"], selection["notResources"]
    patterns, wanted = list(named.each()), list(tags.each())
    is_named = named.is_unknown or any(_may_match(each, selection, database) for each in patterns)
    is_tagged = tags.is_unknown or any(_has(database, each["key"], each["value"]) for each in wanted)
    takes_all = not patterns and not wanted
    if not (is_named or is_tagged or takes_all) or any(_matches(each, database) for each in left_out.each()):
        return False
    return all(_meets(condition, kind, database) for kind in _OPERATORS for condition in _conditions(selection["conditions"], kind))


def _conditions(conditions: Value, kind: str) -> Sequence[Value]:
    places = [conditions] if not isinstance(conditions.peek(_NAME), list) else list(conditions.each())
    return [condition for place in places for condition in place[kind].each()]


def _meets(condition: Value, kind: str, database: Resource) -> bool:
    key, want = condition["key"], condition["value"]
    if key.is_unknown or want.is_unknown:
        return True
    return tag(database, key.text().removeprefix(_TAG)).may_satisfy(lambda have: _OPERATORS[kind](have, want.get()))


def _has(database: Resource, key: Value, want: Value) -> bool:
    if key.is_unknown or want.is_unknown:
        return True
    return tag(database, key.text()).may_equal(want.get())


def _may_match(pattern: Value, selection: Resource, database: Resource) -> bool:
    """Whether an ARN or a pattern names a database; of one that is unknown, the dependencies of the selection tell."""
    if isinstance(pattern.peek(_ID), str):
        return _matches(pattern, database)
    followed = [urn for urn in selection.dependencies if type_of(urn) in IDENTIFIERS]
    return database.urn in followed if followed else pattern.is_unknown


def _matches(pattern: Value, database: Resource) -> bool:
    """Whether a pattern fits a database's ARN, of which region, account and perhaps name are not known."""
    own, kind = database[IDENTIFIERS[database.type]].peek(_NAME), "cluster" if database.type == RDS_CLUSTER else "db"
    text = pattern.text()
    parts = text.split(":", maxsplit=len(_ARN) - 1)
    if len(parts) < len(_ARN):
        # A star stands for several parts.
        return fnmatchcase(f"arn:aws:rds:-:-:{kind}:{own}", text)
    pairs = ((parts[2], "rds"), (parts[5], kind), (parts[6], own))
    return all(not isinstance(have, str) or fnmatchcase(have, want) for want, have in pairs)
