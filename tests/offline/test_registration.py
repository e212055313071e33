from __future__ import annotations

from collections.abc import Callable

import pulumi
import pytest
from pulumi import ResourceOptions
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi_azure_native import storage

from offline.engine import RecordedResource, Run, run_program
from policies.deserialize import deserialize
from policies.values import UNKNOWN, Secret
from tests.offline.packs import RecordingPack
from tests.offline.programs import TOPIC, Group, Provider, Topic, child_of

Preview = Callable[..., Run]


def named(run: Run, name: str) -> RecordedResource:
    (found,) = [each for each in run.resources if each.name == name]
    return found


def test_resources_have_the_engines_urns_types_and_parents(preview: Preview) -> None:
    def program() -> None:
        Group("outer", build=lambda outer: Group("inner", child_of(outer), lambda inner: Topic("topic", opts=child_of(inner))))

    run = preview(program, stack="staging")
    stack = "urn:pulumi:staging::plinth::pulumi:pulumi:Stack::plinth-staging"
    assert [(each.urn.split("::", 2)[2], each.custom) for each in run.resources if not each.type.startswith("pulumi:providers:")] == [
        ("pulumi:pulumi:Stack::plinth-staging", False),
        ("test:index:Group::outer", False),
        ("test:index:Group$test:index:Group::inner", False),
        (f"test:index:Group$test:index:Group${TOPIC}::topic", True),
    ]
    assert named(run, "outer").parent == stack
    assert named(run, "topic").parent == named(run, "inner").urn


def test_ids_and_computed_outputs_are_unknown_and_inputs_are_echoed(preview: Preview) -> None:
    def program() -> None:
        topic = Topic("topic", {"name": "orders", "count": 3, "ratio": 0.5, "tags": {"a": ["b", None, True]}})
        Topic("other", {"name": topic.name, "id": topic.id, "arn": topic.arn, "text": pulumi.Output.concat("x-", topic.arn)})
        pulumi.export("known", topic.name)
        pulumi.export("unknown", {"nested": [topic.id]})

    run = preview(program)
    assert named(run, "topic").inputs == {"name": "orders", "count": 3, "ratio": 0.5, "tags": {"a": ["b", None, True]}}
    assert named(run, "other").inputs == {"name": "orders", "id": UNKNOWN, "arn": UNKNOWN, "text": UNKNOWN}
    assert run.outputs == {"known": "orders", "unknown": {"nested": [UNKNOWN]}}


def test_identities_that_azure_answers_in_another_shape_are_unknown_and_the_rest_is_echoed(preview: Preview) -> None:
    def program() -> None:
        account = storage.StorageAccount(
            "account",
            kind=storage.Kind.STORAGE_V2,
            resource_group_name="group",
            sku=storage.SkuArgs(name=storage.SkuName.STANDARD_ZRS),
            identity=storage.IdentityArgs(type=storage.IdentityType.USER_ASSIGNED, user_assigned_identities=["writer"]),
        )
        pulumi.export("identity", account.identity)
        pulumi.export("kind", account.kind)

    run = preview(program)
    assert named(run, "account").inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["writer"]}
    assert run.outputs == {"identity": UNKNOWN, "kind": "StorageV2"}


def test_secrets_stay_secret_in_inputs_and_outputs_and_through_apply(preview: Preview) -> None:
    def program() -> None:
        secret = pulumi.Output.secret("hush")
        topic = Topic("topic", {"name": secret, "tags": {"x": pulumi.Output.concat("a-", secret)}})
        pulumi.export("through", topic.name)
        pulumi.export("nested", [{"deep": secret}])
        pulumi.export("open", pulumi.Output.unsecret(secret))

    run = preview(program)
    assert named(run, "topic").inputs == {"name": Secret("hush"), "tags": {"x": Secret("a-hush")}}
    assert run.outputs == {"through": Secret("hush"), "nested": [{"deep": Secret("hush")}], "open": "hush"}


def test_additional_secret_outputs_are_secret_whether_known_or_not(preview: Preview) -> None:
    def program() -> None:
        topic = Topic("topic", {"name": "orders"}, ResourceOptions(additional_secret_outputs=["name", "arn", "id"]))
        pulumi.export("name", topic.name)
        pulumi.export("arn", topic.arn)

    run = preview(program)
    assert run.outputs["name"] == Secret("orders")
    assert isinstance(run.outputs["arn"], Secret)
    assert named(run, "topic").inputs == {"name": "orders"}


def test_dependencies_are_recorded_as_a_whole_and_by_property(preview: Preview) -> None:
    def program() -> None:
        first, second = Topic("first"), Topic("second")
        Topic("third", {"name": first.arn}, ResourceOptions(depends_on=[second]))

    third = named(run := preview(program), "third")
    assert third.dependencies == sorted([named(run, "first").urn, named(run, "second").urn])
    assert third.property_dependencies == {"name": [named(run, "first").urn]}


def test_depending_on_a_component_is_depending_on_what_it_contains_but_not_on_nested_resources_below_a_resource(preview: Preview) -> None:
    def build(group: Group) -> None:
        inside = Topic("inside", opts=child_of(group))
        Topic("below", opts=child_of(inside))
        Group("nested", child_of(group), lambda nested: Topic("deep", opts=child_of(nested)))

    def program() -> None:
        Topic("after", opts=ResourceOptions(depends_on=[Group("group", build=build)]))

    run = preview(program)
    assert {urn.rpartition("::")[2] for urn in named(run, "after").dependencies} >= {"inside", "deep"}
    assert "below" not in {urn.rpartition("::")[2] for urn in named(run, "after").dependencies}


def test_options_are_recorded_by_their_names_and_only_where_given(preview: Preview) -> None:
    def program() -> None:
        provider, base = Provider(), Topic("base")
        Topic(
            "topic",
            {"name": "x"},
            ResourceOptions(
                provider=provider,
                protect=True,
                retain_on_delete=True,
                ignore_changes=["tags"],
                replace_on_changes=["name"],
                delete_before_replace=False,
                additional_secret_outputs=["arn"],
                custom_timeouts=pulumi.CustomTimeouts(create="5m", delete="1h30m"),
                deleted_with=base,
                version="1.2.3",
                aliases=[pulumi.Alias(name="old"), pulumi.Alias(parent=base), "urn:pulumi:dev::plinth::cloud:events:Topic::older"],
            ),
        )
        Topic("imported", opts=ResourceOptions(import_="some-id"))

    run = preview(program)
    urn = f"urn:pulumi:dev::plinth::{TOPIC}"
    assert named(run, "topic").options == {
        "provider": named(run, "cloud").urn,
        "protect": True,
        "retain_on_delete": True,
        "ignore_changes": ["tags"],
        "replace_on_changes": ["name"],
        "delete_before_replace": False,
        "additional_secret_outputs": ["arn"],
        "custom_timeouts": {"create": 300, "delete": 5400},
        "deleted_with": f"{urn}::base",
        "version": "1.2.3",
        "aliases": [f"{urn}::old", f"urn:pulumi:dev::plinth::{TOPIC}${TOPIC}::topic", f"{urn}::older"],
    }
    assert named(run, "imported").options["import"] == "some-id"
    assert "protect" not in named(run, "base").options


def test_children_inherit_protection_retention_and_provider_unless_they_say_otherwise(preview: Preview) -> None:
    def build(group: Group) -> None:
        Topic("inherits", opts=child_of(group))
        Topic("refuses", opts=child_of(group, protect=False, retain_on_delete=False))
        Group("nested", child_of(group), lambda nested: Topic("deep", opts=child_of(nested)))

    def program() -> None:
        Group("group", ResourceOptions(protect=True, retain_on_delete=True, providers=[Provider()]), build)

    run = preview(program)
    for name in ("inherits", "deep"):
        assert named(run, name).options == {"protect": True, "retain_on_delete": True, "provider": named(run, "cloud").urn}
    assert named(run, "refuses").options["protect"] is False
    assert named(run, "refuses").options["retain_on_delete"] is False


def test_a_provider_of_unknown_configuration_answers_nothing_not_even_what_was_given(preview: Preview) -> None:
    def program() -> None:
        provider = Provider("late", {"endpoint": Topic("base").arn})
        pulumi.export("name", Topic("topic", {"name": "x"}, ResourceOptions(provider=provider)).name)

    assert preview(program).outputs == {"name": UNKNOWN}


def test_what_exists_already_is_recorded_as_read_and_its_state_is_unknown(preview: Preview) -> None:
    class Found(Topic):
        def __init__(self) -> None:
            super().__init__("found", opts=ResourceOptions(id="topic-1"))

    def program() -> None:
        found = Found()
        pulumi.export("id", found.id)
        pulumi.export("arn", found.arn)

    run = preview(program)
    assert named(run, "found").read
    assert named(run, "found").options["id"] == "topic-1"
    assert run.outputs == {"id": "topic-1", "arn": UNKNOWN}


def test_outputs_of_another_stack_are_unknown(preview: Preview) -> None:
    def program() -> None:
        pulumi.export("theirs", pulumi.StackReference("organization/network/dev").get_output("vpc"))

    assert preview(program).outputs == {"theirs": UNKNOWN}


def test_without_an_explicit_provider_the_default_one_is_used_and_not_shown_as_the_cli_does_not(preview: Preview) -> None:
    run = preview(lambda: Topic("topic", opts=ResourceOptions(version="1.2.3")), config={"cloud:region": "north"})
    assert named(run, "topic").options["provider"] == "urn:pulumi:dev::plinth::pulumi:providers:cloud::default_1_2_3"
    assert [each.name for each in run.resources] == ["plinth-dev", "topic"]


@pytest.mark.parametrize("disabled", ['["*"]', '["cloud"]', '["other", "cloud"]'])
def test_a_disabled_default_provider_is_refused_by_the_name_of_the_resource(preview: Preview, disabled: str) -> None:
    with pytest.raises(Exception, match=rf"{TOPIC}::topic.*default provider for 'cloud' is disabled"):
        preview(lambda: Topic("topic"), config={"pulumi:disable-default-providers": disabled})


def test_other_packages_keep_their_default_provider(preview: Preview) -> None:
    run = preview(lambda: Topic("topic"), config={"pulumi:disable-default-providers": '["aws"]'})
    assert named(run, "topic").options["provider"].endswith("pulumi:providers:cloud::default")


@pytest.mark.parametrize("text", ["aws", "{}", "[1]"])
def test_a_malformed_list_of_disabled_providers_is_one_clear_message(preview: Preview, text: str) -> None:
    with pytest.raises(Exception, match="allowed is a list of package names"):
        preview(lambda: None, config={"pulumi:disable-default-providers": text})


def test_the_program_reads_its_configuration_and_secret_values_are_secret() -> None:
    def program() -> None:
        config = pulumi.Config()
        pulumi.export("size", config.require_int("size"))
        pulumi.export("nested", config.require_object("nested"))
        pulumi.export("token", config.require_secret("token"))
        pulumi.export("where", f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}")
        pulumi.export("preview", pulumi.runtime.is_dry_run())

    run = run_program(
        program,
        stack="dev",
        config={"plinth:size": "3", "plinth:nested": '{"a":[1]}', "plinth:token": "hush"},
        secret_keys=frozenset({"plinth:token"}),
    )
    assert run.outputs == {"size": 3, "nested": {"a": [1]}, "token": Secret("hush"), "where": "organization/plinth/dev", "preview": True}


def test_what_the_program_logs_is_kept_but_for_debugging(preview: Preview) -> None:
    def program() -> None:
        pulumi.log.debug("detail")
        pulumi.log.info("so far so good")
        pulumi.log.warn("careful", Topic("topic"))

    run = preview(program)
    assert [(entry.severity, entry.message, entry.urn) for entry in run.log] == [
        ("info", "so far so good", ""),
        ("warning", "careful", named(run, "topic").urn),
    ]


def test_a_reference_to_a_resource_comes_back_as_that_resource_and_to_a_component_as_its_urn(preview: Preview) -> None:
    def program() -> None:
        Topic("holder", {"topic": Topic("topic"), "group": Group("group")})

    assert named(preview(program), "holder").inputs["group"] == "urn:pulumi:dev::plinth::test:index:Group::group"


def test_a_resource_below_another_uses_its_provider(preview: Preview) -> None:
    def program() -> None:
        Topic("below", opts=child_of(Topic("above", opts=ResourceOptions(provider=Provider()))))

    run = preview(program)
    assert named(run, "below").options["provider"] == named(run, "cloud").urn


def test_a_plugins_version_and_address_are_among_the_inputs_of_its_provider(preview: Preview) -> None:
    options = ResourceOptions(version="1.2.3", plugin_download_url="https://example.com/plugins")
    run = preview(lambda: pulumi.ProviderResource("cloud", "explicit", {"region": "north"}, options))
    assert named(run, "explicit").inputs["version"] == "1.2.3"
    assert named(run, "explicit").inputs["region"] == "north"


def test_a_secret_of_the_configuration_is_secret_in_the_default_provider() -> None:
    seen: dict[str, object] = {}

    class Pack(RecordingPack):
        def Analyze(self, request: pb.AnalyzeRequest, context: object) -> pb.AnalyzeResponse:  # noqa: N802 # the service's
            seen.update(deserialize(request.provider.properties) if request.type == TOPIC else {})
            return super().Analyze(request, context)

    config = {"cloud:token": "hush", "cloud:region": "north"}
    run_program(
        lambda: Group("g", build=lambda _: Topic("topic")) and None,
        stack="dev",
        config=config,
        secret_keys=frozenset({"cloud:token"}),
        pack=Pack(),
    )
    assert seen == {"token": Secret("hush"), "region": "north"}
