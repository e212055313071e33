"""Kubernetes label selectors."""

from __future__ import annotations

from policies.values import Value


def selects(selector: Value, labels: Value) -> bool:
    """Whether a label selector takes an object with these labels; an empty one takes all, a missing one none.

    What is unknown (noted) is taken for a match, so that the caller becomes undecided rather than wrong.
    """
    if selector.is_absent:
        return False
    return all(_has(labels[key], want) for key, want in selector["matchLabels"].items()) and all(
        _meets(requirement, labels) for requirement in selector["matchExpressions"].each()
    )


def _has(label: Value, want: Value) -> bool:
    return want.is_unknown or label.may_equal(want.get())


def _meets(requirement: Value, labels: Value) -> bool:
    key, operator, values = requirement["key"], requirement["operator"], requirement["values"]
    unknown = [place for place in (key, operator, values, *values.each()) if place.is_unknown]
    if unknown:
        return True
    label, given = labels[key.text()], [value.get() for value in values.each()]
    match operator.get("Exists"):
        case "In":
            return label.may_satisfy(lambda have: have in given)
        case "NotIn":
            return label.may_satisfy(lambda have: have not in given)
        case "DoesNotExist":
            return label.may_satisfy(lambda have: have is None)
        case _:
            return label.may_satisfy(lambda have: have is not None)
