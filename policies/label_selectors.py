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
    return want.is_unknown or not label.is_not(want.raw)


def _meets(requirement: Value, labels: Value) -> bool:
    label = labels[requirement["key"].get("")]
    values = [value.raw for value in requirement["values"].each()]
    match requirement["operator"].get("Exists"):
        case "In":
            return not label.fails(lambda have: have in values)
        case "NotIn":
            return not label.fails(lambda have: have not in values)
        case "DoesNotExist":
            return not label.is_given
        case _:
            return not label.is_absent
