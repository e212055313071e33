from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pulumi
import pytest
from pulumi import ResourceOptions, ResourceTransformArgs, ResourceTransformResult

from offline.engine import RecordedResource, Run
from policies.values import UNKNOWN, Secret
from tests.offline.programs import Group, Topic, child_of

Preview = Callable[..., Run]


def named(run: Run, name: str) -> RecordedResource:
    (found,) = [each for each in run.resources if each.name == name]
    return found


def stamp(mark: str, **options: Any) -> Callable[[ResourceTransformArgs], ResourceTransformResult]:
    """A transform that appends to a topic's marks and sets options."""

    def transform(args: ResourceTransformArgs) -> ResourceTransformResult:
        opts, marks = args.opts, cast("list[str]", args.props.get("marks") or [])
        for name, value in options.items():
            setattr(opts, name, value)
        return ResourceTransformResult({**args.props, "marks": [*marks, mark]} if args.custom else args.props, opts)

    return transform


def test_a_resources_own_transforms_run_first_then_its_parents_then_the_stacks(preview: Preview) -> None:
    def build(group: Group) -> None:
        Group(
            "inner",
            child_of(group, transforms=[stamp("inner")]),
            lambda inner: Topic("topic", opts=child_of(inner, transforms=[stamp("a"), stamp("b")])),
        )

    def program() -> None:
        pulumi.runtime.register_resource_transform(stamp("stack"))
        Group("outer", ResourceOptions(transforms=[stamp("outer")]), build)

    topic = named(preview(program), "topic")
    assert topic.inputs == {"marks": ["a", "b", "inner", "outer", "stack"]}
    assert topic.transforms == 5


def test_a_transform_changes_options(preview: Preview) -> None:
    transform = stamp(
        "x",
        protect=True,
        retain_on_delete=True,
        ignore_changes=["name"],
        delete_before_replace=True,
        custom_timeouts=pulumi.CustomTimeouts(create="5m"),
    )
    options = named(preview(lambda: Topic("topic", opts=ResourceOptions(transforms=[transform]))), "topic").options
    assert options["protect"] is True
    assert options["retain_on_delete"] is True
    assert options["ignore_changes"] == ["name"]
    assert options["delete_before_replace"] is True
    assert options["custom_timeouts"] == {"create": 300}


def test_a_transform_that_answers_nothing_changes_nothing(preview: Preview) -> None:
    topic = named(preview(lambda: Topic("topic", {"name": "x"}, ResourceOptions(protect=True, transforms=[lambda _: None]))), "topic")
    assert topic.inputs == {"name": "x"}
    assert topic.options["protect"] is True


def test_unknowns_and_secrets_and_what_they_depend_on_survive_a_transform(preview: Preview) -> None:
    def program() -> None:
        base = Topic("base")
        props = {"name": base.arn, "token": pulumi.Output.secret("hush"), "open": "x"}
        Topic("topic", props, ResourceOptions(transforms=[stamp("own")]))

    run = preview(program)
    topic = named(run, "topic")
    assert topic.inputs == {"name": UNKNOWN, "token": Secret("hush"), "open": "x", "marks": ["own"]}
    assert topic.dependencies == [named(run, "base").urn]


def test_a_transform_may_put_in_outputs_and_dependencies(preview: Preview) -> None:
    def program() -> None:
        base = Topic("base")

        def connect(args: ResourceTransformArgs) -> ResourceTransformResult:
            args.opts.depends_on = [base]
            return ResourceTransformResult({**args.props, "name": base.arn}, args.opts)

        Topic("topic", opts=ResourceOptions(transforms=[connect]))

    run = preview(program)
    assert named(run, "topic").inputs == {"name": UNKNOWN}
    assert named(run, "topic").dependencies == [named(run, "base").urn]


def test_a_transform_may_be_a_coroutine(preview: Preview) -> None:
    async def rename(args: ResourceTransformArgs) -> ResourceTransformResult:
        return ResourceTransformResult({**args.props, "name": "later"}, args.opts)

    assert named(preview(lambda: Topic("topic", opts=ResourceOptions(transforms=[rename]))), "topic").inputs == {"name": "later"}


def test_the_older_transformations_run_too(preview: Preview) -> None:
    def program() -> None:
        change = lambda args: pulumi.ResourceTransformationResult({**args.props, "name": "older"}, args.opts)  # noqa: E731 # as programs write it
        Group("group", ResourceOptions(transformations=[change]), lambda group: Topic("topic", opts=child_of(group)))

    assert named(preview(program), "topic").inputs["name"] == "older"


def test_an_exception_within_a_transform_comes_out_as_the_programs_own(preview: Preview) -> None:
    def stumble(_: ResourceTransformArgs) -> None:
        raise LookupError("within a transform")

    with pytest.raises(LookupError, match="within a transform"):
        preview(lambda: Topic("topic", opts=ResourceOptions(transforms=[stumble])))


@pytest.mark.usefixtures("region_function")
def test_a_transform_of_functions_changes_their_arguments(preview: Preview) -> None:
    def move(args: pulumi.InvokeTransformArgs) -> pulumi.InvokeTransformResult:
        return pulumi.InvokeTransformResult({**args.args, "region": "eu-central-1"}, args.opts)

    def program() -> None:
        pulumi.runtime.register_invoke_transform(move)
        pulumi.export("region", pulumi.runtime.invoke_output("aws:index/getRegion:getRegion", {}).apply(lambda answer: answer["name"]))

    assert preview(program, config={"aws:region": "eu-west-1"}).outputs == {"region": "eu-central-1"}
