from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from offline.errors import StackFileError
from offline.project_config import with_project_config


def over(given: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    return with_project_config(
        given, declared, project="plinth", project_file=Path("Pulumi.yaml"), stack_file=Path("stacks/Pulumi.dev.yaml")
    )


def test_values_and_defaults_of_the_project_fill_what_the_stack_leaves_out() -> None:
    declared = {
        "plinth:plain": "text",
        "plinth:list": ["x"],
        "plinth:value": {"value": {"a": 1}},
        "plinth:default": {"type": "integer", "default": 8, "description": "how many"},
        "aws:region": {"value": "eu-west-1"},
        "plinth:own": {"type": "integer", "default": 1},
    }
    assert over({"plinth:own": 2, "plinth:extra": 3}, declared) == {
        "plinth:plain": "text",
        "plinth:list": ["x"],
        "plinth:value": {"a": 1},
        "plinth:default": 8,
        "aws:region": "eu-west-1",
        "plinth:own": 2,
        "plinth:extra": 3,
    }


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (None, "config plinth:a is nothing"),
        (1.5, "config plinth:a is a number"),
        ({"b": 1}, "unknown key 'b'; allowed are default, description"),
        ({"value": 1, "default": 2}, "has a default and a value"),
        ({"type": "number"}, "the type 'number' is not allowed"),
        ({"type": "array"}, "the type 'array' is not allowed; use array, boolean, integer, object, string, an array with 'items'"),
        ({"type": "integer", "default": "abc"}, "the default is not of the type integer"),
    ],
)
def test_a_wrong_declaration_is_refused(one: Any, message: str) -> None:
    with pytest.raises(StackFileError, match=r"^Pulumi\.yaml: ") as caught:
        over({}, {"plinth:a": one})
    assert message in str(caught.value)


@pytest.mark.parametrize("one", [{"default": "x"}, {"type": "string", "value": "x"}, {"description": "x"}])
def test_only_a_value_may_be_declared_for_another_namespace(one: dict[str, Any]) -> None:
    with pytest.raises(StackFileError, match="aws:region belongs to another namespace than plinth"):
        over({}, {"aws:region": one})


def test_everything_that_a_stack_fails_to_give_is_said_at_once() -> None:
    declared = {
        "plinth:a": {"type": "string"},
        "plinth:b": {"type": "integer"},
        "plinth:c": {"type": "string", "secret": True},
        "plinth:d": {"type": "string", "secret": True, "default": "x"},
    }
    with pytest.raises(StackFileError) as caught:
        over({"plinth:b": "abc", "plinth:c": "open"}, declared)
    assert str(caught.value).splitlines() == [
        "stacks/Pulumi.dev.yaml: plinth:a is missing, which Pulumi.yaml asks of every stack",
        "stacks/Pulumi.dev.yaml: plinth:b is a text; allowed is the type integer",
        "stacks/Pulumi.dev.yaml: plinth:c must be given as a secret; set it with `pulumi config set --secret`",
        "stacks/Pulumi.dev.yaml: plinth:d must be given as a secret; set it with `pulumi config set --secret plinth:d`",
    ]


@pytest.mark.parametrize(
    ("declaration", "right", "wrong"),
    [
        ({"type": "string"}, ["x", 5, True, None], [["x"], {}]),
        ({"type": "integer"}, [5, "5", "-5", 5.0], ["x", 5.5, True, []]),
        ({"type": "boolean"}, [True, "false"], ["yes", 1]),
        ({"type": "object"}, [{}, {"a": 1}], ["{}", []]),
        ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, [[], [[1, 2]]], [[1], [["x"]], "x"]),
    ],
)
def test_a_value_has_to_fit_the_declared_type(declaration: dict[str, Any], right: list[Any], wrong: list[Any]) -> None:
    for value in right:
        assert over({"plinth:a": value}, {"plinth:a": declaration}) == {"plinth:a": value}
    for value in wrong:
        with pytest.raises(StackFileError, match="allowed is the type"):
            over({"plinth:a": value}, {"plinth:a": declaration})


def test_a_secret_fits_every_type_since_only_the_cli_can_look_into_it() -> None:
    secret = {"secure": "v1:abc"}
    assert over({"plinth:a": secret}, {"plinth:a": {"type": "integer", "secret": True}}) == {"plinth:a": secret}
