from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from pulumi import InvokeOptions, InvokeOutputOptions, Output, ResourceOptions
from pulumi.runtime import invoke, invoke_output

from offline import functions
from offline.engine import Run
from policies.values import UNKNOWN, Secret
from tests.offline.programs import Group, Provider, Topic

Preview = Callable[..., Run]
DESCRIBE = "cloud:index:describe"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """The arguments with which the function of the invented provider was called; it answers them, with its region."""
    seen: list[Mapping[str, Any]] = []

    def describe(args: Mapping[str, Any], provider: Mapping[str, Any]) -> dict[str, Any]:
        seen.append(args)
        return {**args, "region": provider.get("region", "none")}

    monkeypatch.setitem(functions.ANSWERS, DESCRIBE, describe)
    return seen


def test_equal_calls_of_one_provider_are_answered_once(preview: Preview, calls: list[Mapping[str, Any]]) -> None:
    def program() -> None:
        for provider in (Provider("one", {"region": "north"}), Provider("two", {"region": "south"})):
            answers = [invoke(DESCRIBE, {"name": "a"}, InvokeOptions(provider=provider)).value for _ in range(2)]
            pulumi.export(provider._name, answers)

    north, south = ([{"name": "a", "region": region}] * 2 for region in ("north", "south"))
    assert preview(program).outputs == {"one": north, "two": south}
    assert len(calls) == 2


def test_an_output_form_waits_for_its_arguments_and_dependencies(preview: Preview, calls: list[Mapping[str, Any]]) -> None:
    def program() -> None:
        topic, provider = Topic("topic"), Provider()
        for name, given, needed in (
            ("known", "a", []),
            ("late", topic.arn, []),
            ("after", "a", [topic]),
            ("secret", Output.secret("a"), []),
        ):
            options = InvokeOutputOptions(provider=provider, depends_on=needed)
            pulumi.export(name, invoke_output(DESCRIBE, {"name": given}, options).apply(lambda answer: answer["name"]))

    assert preview(program).outputs == {"known": "a", "late": UNKNOWN, "after": UNKNOWN, "secret": Secret("a")}
    # The provider is given what is secret as it is; the mark stays with the answer.
    assert calls == [{"name": "a"}]


def test_a_function_called_below_a_component_uses_the_components_provider(preview: Preview, calls: list[Mapping[str, Any]]) -> None:
    def build(group: Group) -> None:
        pulumi.export("region", invoke(DESCRIBE, {}, InvokeOptions(parent=group)).value["region"])

    def program() -> None:
        Group("group", ResourceOptions(providers=[Provider(props={"region": "north"})]), build)

    assert preview(program, config={"pulumi:disable-default-providers": '["*"]'}).outputs == {"region": "north"}
    assert calls == [{}]
