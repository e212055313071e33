from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions
from pulumi.runtime.proto import analyzer_pb2 as pb

from offline.engine import Run, run_program
from offline.errors import PackError
from offline.report import render_json
from policies.deserialize import deserialize
from policies.values import UNKNOWN, Secret
from tests.offline.packs import RecordingPack
from tests.offline.programs import TOPIC, Group, Provider, Topic

Preview = Callable[..., Run]


def says(policy: str, level: pb.EnforcementLevel.ValueType, urn: str = "") -> pb.AnalyzeDiagnostic:
    return pb.AnalyzeDiagnostic(policyName=policy, message=f"[MSG-006 ALERT-004] {policy}", enforcementLevel=level, urn=urn)


def test_the_pack_learns_of_the_stack_before_anything_else() -> None:
    pack = RecordingPack()
    run_program(lambda: None, stack="production", config={"plinth:a": "1", "plinth:b": "x"}, secret_keys=frozenset({"plinth:b"}), pack=pack)
    assert pack.calls == ["Handshake", "ConfigureStack", "GetAnalyzerInfo"]
    assert (pack.configured.stack, pack.configured.project, pack.configured.dry_run) == ("production", "plinth", True)
    assert dict(pack.configured.config) == {"plinth:a": "1", "plinth:b": "x"}
    assert list(pack.configured.config_secret_keys) == ["plinth:b"]


def test_a_pack_that_takes_configuration_gets_its_own_levels_and_defaults_back(preview: Preview) -> None:
    info = pb.AnalyzerInfo(supportsConfig=True, policies=[pb.PolicyInfo(name="limits", enforcementLevel=pb.MANDATORY)])
    info.policies[0].configSchema.properties.update({"most": {"type": "number", "default": 3}, "least": {"type": "number"}})
    info.initialConfig["extra"].enforcementLevel = pb.ADVISORY
    info.initialConfig["extra"].properties.update({"a": 1})
    pack = RecordingPack(info=info)
    preview(lambda: None, pack=pack)
    config = pack.policy_config.policyConfig
    assert config["limits"].enforcementLevel == pb.MANDATORY
    assert deserialize(config["limits"].properties) == {"most": 3.0}
    assert config["extra"].enforcementLevel == pb.ADVISORY
    assert deserialize(config["extra"].properties) == {"a": 1.0}


def test_the_pack_sees_inputs_options_parent_and_provider_of_each_resource(preview: Preview) -> None:
    def program() -> None:
        base, group = Topic("base"), Group("group")
        options = ResourceOptions(
            parent=group,
            provider=Provider("cloud", {"region": "north", "token": pulumi.Output.secret("hush")}),
            protect=True,
            ignore_changes=["tags"],
            delete_before_replace=False,
            additional_secret_outputs=["arn"],
            custom_timeouts=pulumi.CustomTimeouts(create="90s", delete="1h"),
        )
        Topic("topic", {"name": base.arn, "key": pulumi.Output.secret("hush"), "count": 3}, options)

    pack = RecordingPack()
    run = preview(program, pack=pack)
    seen = pack.analyzed["topic"]
    assert deserialize(seen.properties) == {"name": UNKNOWN, "key": Secret("hush"), "count": 3.0}
    assert seen.urn == next(each.urn for each in run.resources if each.name == "topic")
    assert seen.options.protect
    assert list(seen.options.ignoreChanges) == ["tags"]
    assert seen.options.deleteBeforeReplaceDefined
    assert not seen.options.deleteBeforeReplace
    assert list(seen.options.additionalSecretOutputs) == ["arn"]
    assert (seen.options.customTimeouts.create, seen.options.customTimeouts.delete) == (90, 3600)
    assert seen.options.parent.endswith("Group::group")
    assert seen.provider.type == "pulumi:providers:cloud"
    assert deserialize(seen.provider.properties) == {"region": "north", "token": Secret("hush")}


def test_the_pack_sees_the_stack_with_dependencies_and_without_what_is_only_read(preview: Preview) -> None:
    def program() -> None:
        base = Topic("base", {"name": "x"})
        Topic("found", opts=ResourceOptions(id="found-1"))
        Topic("topic", {"name": base.arn})

    pack = RecordingPack()
    run = preview(program, pack=pack)
    assert "found" not in pack.stack
    base = next(each.urn for each in run.resources if each.name == "base")
    assert list(pack.stack["topic"].dependencies) == [base]
    assert list(pack.stack["topic"].propertyDependencies["name"].urns) == [base]
    assert deserialize(pack.stack["base"].properties) == {"name": "x"}


def test_diagnostics_keep_level_urn_and_requirements_and_the_stack_takes_those_of_nobody(preview: Preview) -> None:
    pack = RecordingPack(
        of_resource=[says("must", pb.MANDATORY), says("should", pb.ADVISORY), says("mended", pb.REMEDIATE), says("off", pb.DISABLED)],
        of_stack=[says("whole", pb.MANDATORY)],
    )
    run = preview(lambda: Topic("topic"), pack=pack)
    topic, root = next(each.urn for each in run.resources if each.name == "topic"), run.resources[0].urn
    assert [(one.policy, one.level, one.urn) for one in run.diagnostics] == [
        ("mended", "mandatory", topic),
        ("must", "mandatory", topic),
        ("should", "advisory", topic),
        ("whole", "mandatory", root),
    ]
    assert run.diagnostics[0].requirements == ["MSG-006", "ALERT-004"]


def test_a_remediation_changes_what_is_registered_and_is_reported(preview: Preview) -> None:
    remedy = pb.Remediation(policyName="tagged", description="adds the owner")
    remedy.properties.update({"name": "x", "owner": "platform"})
    refusal = pb.Remediation(policyName="careful", diagnostic="cannot be mended")
    pack = RecordingPack(remediations=[remedy, refusal])
    run = preview(lambda: Topic("topic", {"name": "x"}), pack=pack)
    assert next(each.inputs for each in run.resources if each.name == "topic") == {"name": "x", "owner": "platform"}
    assert deserialize(pack.analyzed["topic"].properties)["owner"] == "platform"
    assert [(one.policy, one.description) for one in run.remediations] == [("tagged", "adds the owner")]
    assert [(one.policy, one.level, one.message) for one in run.diagnostics] == [("careful", "advisory", "cannot be mended")]


def test_a_pack_that_fails_is_named_with_what_it_was_judging(preview: Preview) -> None:
    class Failing(RecordingPack):
        def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> pb.AnalyzeResponse:  # noqa: N802 # the service's
            if request.type == TOPIC:
                raise LookupError("no such rule")
            return super().Analyze(request, context)

    with pytest.raises(PackError, match=r"the policy pack failed with LookupError in Analyze of .*::topic: no such rule"):
        preview(lambda: Topic("topic"), pack=Failing())


def test_the_report_is_json_in_a_stable_order_with_unknowns_and_secrets_marked(preview: Preview) -> None:
    def program() -> None:
        Topic("zebra")
        topic = Topic("ant", {"name": pulumi.Output.secret("hush"), "list": [pulumi.Output.secret(1)]}, ResourceOptions(protect=True))
        pulumi.export("arn", topic.arn)
        pulumi.export("name", topic.name)

    run = preview(program, pack=RecordingPack(of_resource=[says("must", pb.MANDATORY)]))
    report = render_json(run)
    assert json.loads(json.dumps(report)) == report
    assert list(report) == ["stack", "resources", "diagnostics", "outputs", "log"]
    assert [each["urn"].rpartition("::")[2] for each in report["resources"]] == ["ant", "zebra", "plinth-dev"]
    assert list(report["resources"][0]) == ["urn", "type", "custom", "parent", "inputs", "options", "dependencies"]
    assert report["resources"][0]["inputs"] == {"list": [{"$secret": True}], "name": {"$secret": True}}
    assert report["resources"][0]["options"]["protect"] is True
    assert report["outputs"] == {"arn": {"$unknown": True}, "name": {"$secret": True}}
    assert report["diagnostics"][0] == {
        "requirements": ["MSG-006", "ALERT-004"],
        "policy": "must",
        "level": "mandatory",
        "urn": report["resources"][0]["urn"],
        "message": "[MSG-006 ALERT-004] must",
    }
    assert "hush" not in json.dumps(report)


def test_what_a_provider_computes_is_unknown_to_rules_about_the_stack(preview: Preview) -> None:
    def program() -> None:
        aws.sns.Topic("events", name="x", opts=ResourceOptions(provider=aws.Provider("aws", region="eu-west-1")))

    pack = RecordingPack()
    preview(program, pack=pack)
    seen = deserialize(pack.stack["events"].properties)
    assert seen["name"] == "x"
    assert seen["arn"] is UNKNOWN
    assert "__internal" not in deserialize(pack.stack["aws"].properties)


def test_a_provider_that_cannot_be_asked_leaves_nothing_to_rules_about_the_stack(preview: Preview) -> None:
    def program() -> None:
        Topic("topic", {"name": "x"}, ResourceOptions(provider=Provider("late", {"endpoint": Topic("base").arn})))

    pack = RecordingPack()
    preview(program, pack=pack)
    assert deserialize(pack.stack["topic"].properties) == {}
    assert deserialize(pack.analyzed["topic"].properties) == {"name": "x"}
