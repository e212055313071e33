from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi import ResourceOptions
from pulumi.runtime.proto import resource_pb2 as pb
from pulumi.runtime.resource import register_resource_outputs

from offline import event_loop
from offline.engine import Run
from offline.errors import (
    DanglingReferenceError,
    DefaultProviderError,
    DuplicateUrnError,
    OfflineError,
    ProgramError,
    RegistrationError,
    UnansweredFunctionError,
    UnfinishedWorkError,
    UnregisteredOutputsError,
)
from tests.offline.programs import TOPIC, Group, Topic

Preview = Callable[..., Run]


class Unfinished(pulumi.ComponentResource):
    """A component that forgets its outputs."""

    def __init__(self, name: str) -> None:
        super().__init__("test:index:Unfinished", name)


def test_a_duplicate_urn_is_refused_by_name(preview: Preview) -> None:
    def program() -> None:
        Topic("orders")
        Topic("orders")

    with pytest.raises(DuplicateUrnError, match=rf"{TOPIC}::orders; give one of the two another name"):
        preview(program)


def test_every_component_without_registered_outputs_is_named(preview: Preview) -> None:
    def program() -> None:
        Group("fine")
        Unfinished("first")
        Unfinished("second")

    with pytest.raises(UnregisteredOutputsError) as caught:
        preview(program)
    assert "Unfinished::first" in str(caught.value)
    assert "Unfinished::second" in str(caught.value)
    assert "fine" not in str(caught.value)


def test_outputs_registered_twice_are_refused(preview: Preview) -> None:
    with pytest.raises(RegistrationError, match=r"Group::group: register_outputs was called twice"):
        preview(lambda: Group("group", build=lambda group: group.register_outputs({})))


def test_outputs_of_a_resource_that_is_no_component_are_refused(preview: Preview) -> None:
    def program() -> None:
        register_resource_outputs(Topic("topic"), {})

    with pytest.raises(RegistrationError, match="topic: register_outputs was called for a resource that is not a component"):
        preview(program)


@pytest.mark.parametrize("option", ["parent", "depends_on", "provider", "deleted_with"])
def test_a_resource_of_an_earlier_run_is_a_dangling_reference(preview: Preview, option: str) -> None:
    kept: list[pulumi.Resource] = []
    preview(lambda: kept.append(pulumi.ProviderResource("cloud", "old", {}) if option == "provider" else Topic("old")))
    options = ResourceOptions()
    setattr(options, option, kept[0])
    with pytest.raises(DanglingReferenceError, match=r"topic.*old is not a resource of this run"):
        preview(lambda: Topic("topic", opts=options))


def test_a_custom_timeout_that_is_no_duration_is_refused(preview: Preview) -> None:
    for text in ("5", "1d", "soon"):
        with pytest.raises(RegistrationError, match="topic: the custom timeout of create is not a duration"):
            preview(lambda text=text: Topic("topic", opts=ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create=text))))


def test_a_provider_function_without_an_answer_is_named_with_the_cure(preview: Preview) -> None:
    with pytest.raises(UnansweredFunctionError, match=r"cloud:index:find has no offline answer.*Pass the value in as a setting"):
        preview(lambda: pulumi.runtime.invoke("cloud:index:find", {}))


def test_a_function_of_a_disabled_default_provider_is_refused(preview: Preview) -> None:
    with pytest.raises(DefaultProviderError, match="the call of aws:index/getRegion:getRegion: the default provider for 'aws' is disabled"):
        preview(lambda: pulumi.runtime.invoke("aws:index/getRegion:getRegion", {}), config={"pulumi:disable-default-providers": '["*"]'})


def test_a_refusal_is_raised_even_where_the_program_swallows_the_exception(preview: Preview) -> None:
    def program() -> None:
        try:
            pulumi.runtime.invoke("cloud:index:find", {})
        except Exception:  # noqa: BLE001 # what a careless program does
            pulumi.export("found", "nothing")

    with pytest.raises(UnansweredFunctionError):
        preview(program)


def test_a_reported_error_fails_the_run(preview: Preview) -> None:
    with pytest.raises(ProgramError, match="the zone is gone"):
        preview(lambda: pulumi.log.error("the zone is gone"))


def test_a_task_that_nobody_awaits_is_named(preview: Preview) -> None:
    async def refresh_the_cache() -> None:
        await asyncio.sleep(3600)

    tasks = []
    with pytest.raises(UnfinishedWorkError, match="refresh_the_cache"):
        preview(lambda: tasks.append(asyncio.ensure_future(refresh_the_cache())))


def test_an_output_that_nobody_resolves_ends_the_run_with_the_name_of_who_waits(preview: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_loop, "PATIENCE_SECONDS", 0.05)

    def program() -> None:
        never: asyncio.Future[str] = asyncio.get_event_loop().create_future()
        Topic("waiting", {"name": pulumi.Output.from_input(never)})

    with pytest.raises(UnfinishedWorkError, match=r"waits for something that never comes: the registration of .*waiting"):
        preview(program)


def test_a_thread_of_the_program_may_take_longer_than_nothing(preview: Preview) -> None:
    def program() -> None:
        loop = asyncio.get_event_loop()
        later: asyncio.Future[str] = loop.create_future()

        def answer() -> None:
            time.sleep(0.05)
            loop.call_soon_threadsafe(later.set_result, "orders")

        threading.Thread(target=answer).start()
        pulumi.export("name", pulumi.Output.from_input(later))

    assert preview(program).outputs == {"name": "orders"}


def test_methods_of_remote_components_cannot_be_called(preview: Preview) -> None:
    with pytest.raises(UnansweredFunctionError, match="the method cloud:index:Group/find of a remote component"):
        preview(lambda: pulumi.runtime.call("cloud:index:Group/find", {}))


def test_outputs_of_what_is_no_resource_are_refused(preview: Preview) -> None:
    def program() -> None:
        monitor: Any = pulumi.runtime.settings.get_monitor()
        monitor.RegisterResourceOutputs(pb.RegisterResourceOutputsRequest(urn="urn:pulumi:dev::plinth::a:b:C::d"))

    with pytest.raises(RegistrationError, match="a:b:C::d, which is not a resource of this run"):
        preview(program)


def test_every_refusal_is_one_kind_of_error() -> None:
    assert issubclass(DuplicateUrnError, OfflineError)
    assert issubclass(DanglingReferenceError, OfflineError)
    assert issubclass(UnfinishedWorkError, OfflineError)
    assert issubclass(ProgramError, OfflineError)
