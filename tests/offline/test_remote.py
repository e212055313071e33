from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi import InvokeOutputOptions, ResourceOptions
from pulumi.runtime.proto import resource_pb2 as pb
from pulumi.runtime.resource import exists_resource

from offline.engine import RecordedResource, Run, run_program
from offline.errors import DanglingReferenceError, PackError, ProgramError
from policies.values import UNKNOWN
from tests.offline.packs import RecordingPack
from tests.offline.programs import Group, Provider, Topic, child_of

Preview = Callable[..., Run]
REGION = "aws:index/getRegion:getRegion"


class Chart(pulumi.ComponentResource):
    """A component that its provider builds."""

    size: pulumi.Output[int]

    def __init__(self, name: str, props: Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("cloud:charts:Chart", name, {"size": None, **props}, opts, remote=True)


def named(run: Run, name: str) -> RecordedResource:
    (found,) = [each for each in run.resources if each.name == name]
    return found


def test_a_remote_component_is_recorded_with_its_provider_and_all_its_outputs_are_unknown(preview: Preview) -> None:
    def program() -> None:
        provider = Provider()
        chart = Chart("chart", {"version": "1.2.3", "base": Topic("base").arn}, ResourceOptions(providers=[provider]))
        pulumi.export("size", chart.size)

    run = preview(program)
    chart = named(run, "chart")
    assert chart.remote
    assert not chart.custom
    assert chart.inputs == {"version": "1.2.3", "base": UNKNOWN}
    assert chart.options["provider"] == named(run, "cloud").urn
    assert chart.property_dependencies == {"base": [named(run, "base").urn]}
    assert run.outputs == {"size": UNKNOWN}


def test_a_component_hands_its_providers_down_over_several_levels(preview: Preview) -> None:
    def program() -> None:
        # The SDK hands providers down by itself; the engine must where a request does not name one.
        outer = Group("outer", ResourceOptions(providers=[Provider()]))
        inner = Group("inner", child_of(outer))
        monitor: Any = pulumi.runtime.settings.get_monitor()

        def register(urn: str) -> None:
            monitor.RegisterResource(pb.RegisterResourceRequest(type="cloud:events:Topic", name="topic", custom=True, parent=urn))

        inner.urn.apply(register)

    run = preview(program)
    assert named(run, "topic").options["provider"] == named(run, "cloud").urn
    assert named(run, "inner").options["providers"] == {"cloud": named(run, "cloud").urn}


def test_a_resource_of_a_parameterized_package_uses_the_default_provider_of_that_package(preview: Preview) -> None:
    async def reference() -> str:
        parameter = base64.b64encode(b"{}").decode()
        return await pulumi.runtime.register_package("bridge", "0.9.0", "", "cloud", "1.2.3", parameter)

    def program() -> None:
        pulumi.CustomResource("cloud:events:Topic", "topic", {}, package_ref=asyncio.ensure_future(reference()))

    run = preview(program)
    assert named(run, "topic").options["provider"] == "urn:pulumi:dev::plinth::pulumi:providers:cloud::default_1_2_3"


def test_a_default_provider_is_named_after_version_and_address_of_its_plugin(preview: Preview) -> None:
    def program() -> None:
        Topic("plain")
        Topic("dated", opts=ResourceOptions(version="2.0.0-alpha.1"))
        Topic("elsewhere", opts=ResourceOptions(version="2.0.0", plugin_download_url="https://example.com/-plugins"))

    run = preview(program)
    prefix = "urn:pulumi:dev::plinth::pulumi:providers:cloud::default"
    assert named(run, "plain").options["provider"] == prefix
    assert named(run, "dated").options["provider"] == f"{prefix}_2_0_0_alpha_1"
    assert named(run, "elsewhere").options["provider"] == f"{prefix}_2_0_0_https_/example.com/-plugins"


def test_whether_something_exists_in_the_cloud_is_unknown(preview: Preview) -> None:
    def program() -> None:
        pulumi.export("exists", exists_resource(None, "cloud:events:Topic", "topic-1", {}, ResourceOptions()))

    assert preview(program).outputs == {"exists": UNKNOWN}


def test_the_engines_own_function_tells_what_was_registered(preview: Preview) -> None:
    def ask(urn: str) -> Any:
        return pulumi.runtime.invoke("pulumi:pulumi:getResource", {"urn": urn}).value["state"]

    answers: list[Any] = []

    def program() -> None:
        Topic("topic", {"name": "orders"}).urn.apply(lambda urn: answers.append(ask(urn)))

    preview(program)
    assert answers == [{"name": "orders"}]
    with pytest.raises(DanglingReferenceError, match="a:b:C::d is not a resource of this run"):
        preview(lambda: ask("urn:pulumi:dev::plinth::a:b:C::d"))


@pytest.mark.parametrize("depends_on_component", [False, True])
def test_a_function_that_waits_for_something_to_be_created_is_unknown(preview: Preview, *, depends_on_component: bool) -> None:
    def program() -> None:
        group = Group("group", build=lambda group: Group("inner", child_of(group), lambda inner: Topic("topic", opts=child_of(inner))))
        awaited = group if depends_on_component else Topic("alone")
        answer = pulumi.runtime.invoke_output(REGION, {}, InvokeOutputOptions(depends_on=[awaited]))
        pulumi.export("region", answer.apply(lambda found: found["name"]))

    assert preview(program, config={"aws:region": "eu-west-1"}).outputs == {"region": UNKNOWN}


@pytest.mark.usefixtures("region_function")
def test_a_function_that_waits_for_what_exists_already_is_answered(preview: Preview) -> None:
    def program() -> None:
        group = Group("group", build=lambda group: Topic("found", opts=child_of(group, id="topic-1")))
        answer = pulumi.runtime.invoke_output(REGION, {}, InvokeOutputOptions(depends_on=[group, Provider()]))
        pulumi.export("region", answer.apply(lambda found: found["name"]))

    assert preview(program, config={"aws:region": "eu-west-1"}).outputs == {"region": "eu-west-1"}


def test_a_hook_is_recorded_with_the_resource_and_does_not_run(preview: Preview) -> None:
    def program() -> None:
        hook = pulumi.ResourceHook("announce", lambda _: pytest.fail("nothing is created at a preview"))
        Topic("topic", opts=ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook])))

    assert named(preview(program), "topic").options["hooks"] == {"afterCreate": ["announce"]}


def test_a_program_may_ask_for_a_version_of_the_cli(preview: Preview) -> None:
    assert preview(lambda: pulumi.runtime.settings.require_pulumi_version(">=3.0.0")).outputs == {}


def test_a_missing_program_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"__main__\.py: there is no such program"):
        run_program(tmp_path / "__main__.py", stack="dev")


def test_a_pack_that_does_not_start_is_one_clear_message(preview: Preview) -> None:
    class Broken(RecordingPack):
        def Handshake(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802 # the service's
            raise OSError("no rules")

    with pytest.raises(PackError, match="the policy pack failed with OSError in Handshake of its start: no rules"):
        preview(lambda: None, pack=Broken())
