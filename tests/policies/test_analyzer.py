from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as proto

from facts.tiers import Tier
from policies.analyzer import Analyzer, default_analyzer
from policies.config import Problem
from policies.deserialize import SECRET, SIGNATURE
from policies.findings import Finding, Level
from policies.model import Provider, Resource, Stack
from policies.registry import RULES
from policies.rules.storage.claims import ApprovedClasses
from policies.rules.storage.claims import volumes_name_approved_storage_class as volumes
from tests.policies.requests import (
    DATABASE,
    UNKNOWN_TEXT,
    analyze,
    analyze_stack,
    configure,
    configure_like_the_engine,
    configure_rules,
    request,
    rule,
    said,
    stack_resource,
    stack_rule,
    urn_of,
)

PROBLEM = "it is wrong (multiAz = false). Set multiAz to true."


def check_zones(resource: Resource, _: Stack) -> Iterator[Finding]:
    yield from resource["multiAz"].must_be_true("it is wrong")


def check_classes(resource: Resource, _: Stack) -> Iterator[Finding]:
    for key in ("a", "b"):
        yield from resource[key].must_equal("right", f"{key} is wrong", cure="Set it right")


def judged_in(stack: str, *requirements: str) -> list[tuple[str, str]]:
    analyzer = Analyzer([rule(check_zones, *requirements)])
    configure(analyzer, stack)
    return analyze(analyzer, {"multiAz": False})


# -- messages and levels --------------------------------------------------------------------------------------------------------


def test_a_violation_is_said_with_its_requirement_place_value_and_cure() -> None:
    response = Analyzer([rule(check_zones)]).Analyze(request(DATABASE, {"multiAz": False}), None)
    (diagnostic,) = response.diagnostics
    assert diagnostic.message == f"[PG-002] {PROBLEM}"
    assert diagnostic.policyName == "the-rule"
    assert diagnostic.policyPackName == "plinth"
    assert diagnostic.policyPackVersion
    assert diagnostic.urn == urn_of(DATABASE)
    assert diagnostic.enforcementLevel == proto.MANDATORY
    assert diagnostic.severity == proto.POLICY_SEVERITY_CRITICAL
    assert diagnostic.description.startswith("PG-002 ")


def test_a_finding_without_a_place_and_with_full_stops_reads_well() -> None:
    analyzer = Analyzer([rule(lambda _, __: [Finding(problem="it is wrong.", cure="Mend it.")])])
    assert analyze(analyzer, {}) == [("mandatory", "[PG-002] it is wrong. Mend it.")]


def test_a_rule_of_several_requirements_names_them_all() -> None:
    assert judged_in("production", "MSG-006", "PG-002") == [("mandatory", f"[MSG-006 PG-002] {PROBLEM}")]


def test_a_finding_can_be_about_some_of_the_requirements_of_its_rule() -> None:
    def check(_: Resource, __: Stack) -> Iterator[Finding]:
        yield Finding(problem="a", cure="A", requirements=("MSG-001",))
        yield Finding(problem="b", cure="B", requirements=("MSG-004",))

    analyzer = Analyzer([rule(check, "MSG-001", "MSG-004")])
    assert analyze(analyzer, {}) == [("mandatory", "[MSG-001] a. A."), ("mandatory", "[MSG-004] b. B.")]
    configure(analyzer, "staging")
    assert analyze(analyzer, {}) == [("mandatory", "[MSG-001] a. A.")]


def test_a_right_resource_and_one_that_no_rule_asks_for_are_silent() -> None:
    analyzer = Analyzer([rule(check_zones)])
    assert analyze(analyzer, {"multiAz": True}) == []
    assert analyze(analyzer, {"multiAz": False}, token="aws:s3/bucket:Bucket") == []  # noqa: S106 # a type token


@pytest.mark.parametrize(
    ("stack", "requirements", "expected"),
    [
        ("production", ["MSG-001"], [("mandatory", f"[MSG-001] {PROBLEM}")]),
        ("staging", ["MSG-001"], [("mandatory", f"[MSG-001] {PROBLEM}")]),
        ("dev", ["MSG-001"], [("advisory", f"[MSG-001] {PROBLEM}")]),
        ("local", ["MSG-001"], [("advisory", f"[MSG-001] {PROBLEM}")]),
        ("dev", ["PG-004"], [("mandatory", f"[PG-004] {PROBLEM}")]),
        ("staging", ["MSG-004"], []),
        ("staging", ["MSG-004", "MSG-001"], [("mandatory", f"[MSG-001] {PROBLEM}")]),
        ("production", ["GITOPS-007"], []),
    ],
)
def test_the_level_follows_the_tier(stack: str, requirements: list[str], expected: list[tuple[str, str]]) -> None:
    assert judged_in(stack, *requirements) == expected


def test_a_finding_can_lower_the_level_but_not_raise_it() -> None:
    def check(_: Resource, __: Stack) -> Iterator[Finding]:
        yield Finding(problem="a", cure="A", level=Level.ADVISORY)
        yield Finding(problem="b", cure="B", level=Level.MANDATORY)

    analyzer = Analyzer([rule(check, "MSG-001")])
    assert [level for level, _ in analyze(analyzer, {})] == ["advisory", "mandatory"]
    configure(analyzer, "dev")
    assert [level for level, _ in analyze(analyzer, {})] == ["advisory", "advisory"]


# -- unknown values and failing rules -------------------------------------------------------------------------------------------


def test_an_unknown_value_leaves_the_rule_undecided_and_hides_no_violation() -> None:
    analyzer = Analyzer([rule(check_classes)])
    assert analyze(analyzer, {"a": UNKNOWN_TEXT, "b": "wrong"}) == [
        ("mandatory", "[PG-002] b is wrong (b = 'wrong'). Set it right."),
        ("advisory", "[PG-002] undecided: a is unknown at preview; the update will tell."),
    ]


def test_every_unknown_path_is_named_for_each_rule_by_itself() -> None:
    analyzer = Analyzer([rule(check_classes), rule(check_zones, name="other")])
    assert analyze(analyzer, {"a": UNKNOWN_TEXT, "b": UNKNOWN_TEXT, "multiAz": True}) == [
        ("advisory", "[PG-002] undecided: a, b are unknown at preview; the update will tell.")
    ]


def test_a_stack_can_ask_for_undecided_rules_to_stop_the_update() -> None:
    analyzer = Analyzer([rule(check_zones)])
    configure(analyzer, "production", {"plinth:policies": '{"undecided": "mandatory"}'})
    assert [level for level, _ in analyze(analyzer, {"multiAz": UNKNOWN_TEXT})] == ["mandatory"]


def test_a_rule_that_raises_reports_itself_and_the_others_go_on() -> None:
    def check(resource: Resource, _: Stack) -> Iterator[Finding]:
        yield Finding(problem="a", cure="A")
        raise KeyError(f"{resource.properties['password'].value} and {resource.properties['list'].value}")

    analyzer = Analyzer([rule(check, "MSG-001"), rule(check_zones, "MSG-001", name="other")])
    configure(analyzer, "dev")
    secret = {SIGNATURE: SECRET, "value": "hunter"}
    assert analyze(analyzer, {"password": secret, "list": {SIGNATURE: SECRET, "value": [{"a": "fox"}]}, "multiAz": False}) == [
        ("advisory", "[MSG-001] a. A."),
        ("mandatory", "[MSG-001] the rule itself failed: KeyError: \"[secret] and [{'a': '[secret]'}]\""),
        ("advisory", f"[MSG-001] {PROBLEM}"),
    ]


def test_a_check_that_fails_before_its_first_finding_reports_itself() -> None:
    def check(_: Resource, __: Stack) -> list[Finding]:
        raise RuntimeError("broken")

    assert analyze(Analyzer([rule(check)]), {}) == [("mandatory", "[PG-002] the rule itself failed: RuntimeError: broken")]


# -- types ----------------------------------------------------------------------------------------------------------------------


def test_a_versioned_azure_type_counts_as_the_unversioned_one() -> None:
    def check(resource: Resource, _: Stack) -> Iterator[Finding]:
        yield Finding(problem=resource.type, cure="Mend")

    analyzer = Analyzer([rule(check, types=("azure-native:dbforpostgresql:Server",))])
    for token in ("azure-native:dbforpostgresql/v20240801:Server", "azure-native_dbforpostgresql_v20240801:dbforpostgresql:Server"):
        assert analyze(analyzer, {}, token=token) == [("mandatory", "[PG-002] azure-native:dbforpostgresql:Server. Mend.")]


# -- stack rules ----------------------------------------------------------------------------------------------------------------


def test_a_stack_rule_sees_resources_of_its_types_in_order_with_options_and_dependencies() -> None:
    seen: list[Resource] = []

    def check(resources: Sequence[Resource], stack: Stack) -> Iterator[Finding]:
        assert stack.tier is Tier.PRODUCTION
        seen.extend(resources)
        yield Finding(problem="a", cure="A", urn=resources[1].urn)

    first = stack_resource(DATABASE, {"a": 1}, "first", dependencies=["urn:x"], parent="urn:parent")
    first.options.protect = True
    first.propertyDependencies["a"].urns.extend(["urn:x", "urn:y"])
    response = Analyzer([stack_rule(check)]).AnalyzeStack(
        proto.AnalyzeStackRequest(resources=[first, stack_resource("a:b:C", {}), stack_resource(DATABASE, {}, "second")]), None
    )
    assert [each.name for each in seen] == ["first", "second"]
    assert seen[0].dependencies == ("urn:x", "urn:y")
    assert seen[0].options.protect
    assert seen[0].options.parent == "urn:parent"
    assert seen[0].properties == {"a": 1}
    assert [each.urn for each in response.diagnostics] == [urn_of(DATABASE, "second")]


def test_rules_see_the_provider_of_a_resource() -> None:
    seen: list[Provider | None] = []

    def look(resources: Sequence[Resource], _: Stack) -> Iterator[Finding]:
        seen.extend(each.provider for each in resources)
        return iter(())

    shown = proto.AnalyzerProviderResource(type="pulumi:providers:aws", urn="urn:aws", name="aws")
    shown.properties.update({"region": "eu-west-1"})
    resources = [stack_resource(DATABASE, {}, "own", provider=shown), stack_resource(DATABASE, {}, "none")]
    Analyzer([stack_rule(look)]).AnalyzeStack(proto.AnalyzeStackRequest(resources=resources), None)
    asked = request(DATABASE, {})
    asked.provider.CopyFrom(shown)
    Analyzer([rule(lambda resource, about: look([resource], about))]).Analyze(asked, None)
    provider = Provider(urn="urn:aws", type="pulumi:providers:aws", properties={"region": "eu-west-1"})
    assert seen == [provider, None, provider]


def test_a_stack_rule_judges_inputs_rather_than_outputs() -> None:
    def check(resources: Sequence[Resource], _: Stack) -> Iterator[Finding]:
        for each in resources:
            if each["computed"].is_absent:
                yield from each["computed"].refuse("it is not set", "Set it")

    analyzer = Analyzer([stack_rule(check)])
    assert analyze(analyzer, {}) == []
    shown = stack_resource(DATABASE, {"computed": UNKNOWN_TEXT})
    assert analyze_stack(analyzer, shown) == [("mandatory", "[PG-002] it is not set (computed = not set). Set it.")]


def test_a_stack_rule_is_undecided_for_each_resource_and_reports_its_failure() -> None:
    def check(resources: Sequence[Resource], _: Stack) -> Iterator[Finding]:
        for each in resources:
            yield from each["a"].must_equal("right", "a is wrong", cure="Set it right")
        raise ValueError("broken")

    analyzer = Analyzer([stack_rule(check)])
    response = analyzer.AnalyzeStack(
        proto.AnalyzeStackRequest(
            resources=[stack_resource(DATABASE, {"a": UNKNOWN_TEXT}, "x"), stack_resource(DATABASE, {"a": "right"}, "y")]
        ),
        None,
    )
    assert said(response) == [
        ("advisory", "[PG-002] undecided: a is unknown at preview; the update will tell."),
        ("mandatory", "[PG-002] the rule itself failed: ValueError: broken"),
    ]
    assert response.diagnostics[0].urn == urn_of(DATABASE, "x")


# -- facts and configuration ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stack", "config", "tier"),
    [
        ("dev", {}, Tier.DEV),
        ("alpha", {}, Tier.DEV),
        ("team-7", {}, Tier.PRODUCTION),
        ("team-7", {"plinth:environment": "staging"}, Tier.STAGING),
        ("production", {"plinth:environment": "alpha"}, Tier.DEV),
        ("dev", {"plinth:environment": "production"}, Tier.PRODUCTION),
    ],
)
def test_the_tier_is_configured_or_the_name_of_the_stack_or_production(stack: str, config: dict[str, str], tier: Tier) -> None:
    seen: list[Stack] = []

    def check(_: Resource, judged: Stack) -> Iterator[Finding]:
        seen.append(judged)
        yield from ()

    analyzer = Analyzer([rule(check, "MSG-001")])
    configure(analyzer, stack, config)
    assert analyze(analyzer, {}) == []
    assert [(each.name, each.project, each.tier, dict(each.config)) for each in seen] == [(stack, "plinth", tier, config)]


def test_an_unknown_tier_is_judged_as_production_and_said_once() -> None:
    analyzer = Analyzer([rule(check_zones)])
    configure(analyzer, "dev", {"plinth:environment": "qa"})
    message = "plinth:environment is 'qa'; allowed are local, dev, staging, production, alpha. The stack is judged as production."
    assert analyze(analyzer, {"multiAz": False}) == [("advisory", message), ("mandatory", f"[PG-002] {PROBLEM}")]
    assert analyze(analyzer, {"multiAz": True}) == []
    assert analyze_stack(analyzer) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "plinth:policies is not JSON"),
        ("[]", "plinth:policies is not an object; allowed is one with undecided, approvedStorageClasses"),
        ('{"undecided": "never"}', "undecided: Input should be 'advisory' or 'mandatory' (given: 'never')"),
        ('{"undecide": "advisory"}', "undecide is unknown; allowed are undecided, approvedStorageClasses"),
        ('{"approvedStorageClasses": "gp3"}', "approvedStorageClasses is a text; allowed is a list"),
        ('{"approvedStorageClasses": [""]}', "approvedStorageClasses[0] is empty; allowed is a text"),
    ],
)
def test_wrong_settings_are_one_mandatory_diagnostic_that_says_what_is_allowed(text: str, says: str) -> None:
    analyzer = Analyzer([rule(check_zones), volumes])
    configure(analyzer, "dev", {"plinth:policies": text})
    ((level, message),) = analyze(analyzer, {"multiAz": True})
    assert level == "mandatory"
    assert says in message


def test_storage_classes_come_from_the_stack_and_the_policy_configuration_stands_over_it() -> None:
    seen: list[tuple[str, ...]] = []

    def check(_: Sequence[Resource], stack: Stack) -> Iterator[Finding]:
        seen.append(stack.settings_of(ApprovedClasses).names)
        yield from ()

    analyzer = Analyzer([replace(volumes, check=check)])
    analyze_stack(analyzer)
    configure(analyzer, "production", {"plinth:policies": '{"approvedStorageClasses": ["fast"]}'})
    analyze_stack(analyzer)
    defaults = proto.PolicyConfig()
    defaults.properties.update({"storageClasses": list(ApprovedClasses().names)})
    # The engine sends them where nobody has configured anything.
    configure_rules(analyzer, volumes_name_approved_storage_class=defaults)
    analyze_stack(analyzer)
    configured = proto.PolicyConfig()
    configured.properties.update({"storageClasses": ["slow"]})
    configure_rules(analyzer, volumes_name_approved_storage_class=configured)
    analyze_stack(analyzer)
    assert seen == [ApprovedClasses().names, ("fast",), ("fast",), ("slow",)]


def test_wrong_properties_of_a_rule_are_reported_and_not_used() -> None:
    analyzer = Analyzer([rule(check_zones), volumes])
    wrong, foreign = proto.PolicyConfig(), proto.PolicyConfig(enforcementLevel=proto.MANDATORY)
    wrong.properties.update({"storageClass": "x"})
    foreign.properties.update({"speed": 1})
    configure_rules(analyzer, volumes_name_approved_storage_class=wrong, the_rule=foreign)
    assert sorted(analyze(analyzer, {"multiAz": True})) == [
        ("mandatory", "the policy configuration gives the-rule speed; allowed are properties of volumes-name-approved-storage-class"),
        (
            "mandatory",
            "the policy configuration of volumes-name-approved-storage-class is wrong: storageClass is unknown; allowed are storageClasses",
        ),
    ]


@pytest.mark.parametrize("stack", ["dev", "production"])
def test_levels_that_the_engine_sends_back_unchanged_change_nothing(stack: str) -> None:
    analyzer = Analyzer([rule(check_zones, "MSG-001"), stack_rule(lambda _, __: [Finding(problem="a", cure="A")], "GITOPS-007")])
    configure(analyzer, stack)
    before = analyze(analyzer, {"multiAz": False}), analyze_stack(analyzer)
    configure_like_the_engine(analyzer)
    assert (analyze(analyzer, {"multiAz": False}), analyze_stack(analyzer)) == before


@pytest.mark.parametrize(
    ("stack", "asked", "levels"),
    [
        ("dev", proto.MANDATORY, ["mandatory"]),
        ("production", proto.ADVISORY, ["advisory"]),
        ("dev", proto.REMEDIATE, ["mandatory"]),
        ("production", proto.DISABLED, []),
    ],
)
def test_the_engine_can_ask_for_another_level(stack: str, asked: proto.EnforcementLevel.ValueType, levels: list[str]) -> None:
    analyzer = Analyzer([rule(check_zones, "MSG-001")])
    configure(analyzer, stack)
    configure_like_the_engine(analyzer, the_rule=asked)
    assert [level for level, _ in analyze(analyzer, {"multiAz": False})] == levels


def test_a_level_that_is_configured_before_the_engine_asked_is_a_wish() -> None:
    analyzer = Analyzer([rule(check_zones, "MSG-001")])
    configure(analyzer, "dev")
    configure_rules(analyzer, the_rule=proto.PolicyConfig(enforcementLevel=proto.MANDATORY))
    assert [level for level, _ in analyze(analyzer, {"multiAz": False})] == ["mandatory"]


def test_a_new_stack_starts_afresh() -> None:
    def check(resources: Sequence[Resource], _: Stack) -> Iterator[Finding]:
        yield from (finding for each in resources for finding in each["a"].refuse("a", "A"))

    analyzer = Analyzer([stack_rule(check, "MSG-001")])
    configure(analyzer, "dev", {"plinth:policies": "["})
    configure_rules(analyzer, the_stack_rule=proto.PolicyConfig(enforcementLevel=proto.DISABLED))
    analyzer.Analyze(request(DATABASE, {"a": "input"}), None)
    configure(analyzer, "production")
    assert analyze_stack(analyzer, stack_resource(DATABASE, {"a": "output"})) == [("mandatory", "[MSG-001] a (a = 'output'). A.")]


# -- what the pack says of itself -----------------------------------------------------------------------------------------------


def test_every_rule_is_announced_with_its_production_level() -> None:
    info = default_analyzer().GetAnalyzerInfo(Empty(), None)
    assert info.name == "plinth"
    assert info.supportsConfig
    assert [each.name for each in info.policies] == [each.name for each in RULES]
    by_name = {each.name: each for each in info.policies}
    standby = by_name["postgres-has-standby-in-another-zone"]
    assert standby.enforcementLevel == proto.MANDATORY
    assert standby.severity == proto.POLICY_SEVERITY_CRITICAL
    assert standby.policy_type == proto.POLICY_TYPE_RESOURCE
    assert "PG-002" in standby.description
    classes = by_name["volumes-name-approved-storage-class"]
    assert classes.policy_type == proto.POLICY_TYPE_STACK
    assert "storageClasses" in classes.configSchema.properties


def test_the_rest_of_the_protocol_answers() -> None:
    analyzer = Analyzer([rule(check_zones)])
    assert analyzer.Handshake(proto.AnalyzerHandshakeRequest(), None) == proto.AnalyzerHandshakeResponse()
    assert analyzer.Remediate(request(DATABASE, {"multiAz": False}), None) == proto.RemediateResponse()
    assert analyzer.Cancel(Empty(), None) == Empty()
    assert analyzer.GetPluginInfo(Empty(), None).version == analyzer.GetAnalyzerInfo(Empty(), None).version


def test_a_problem_at_the_start_is_said_with_the_first_answer() -> None:
    analyzer = Analyzer([], problems=[Problem("the file is wrong")])
    configure(analyzer, "dev")
    assert analyze(analyzer, {}) == [("mandatory", "the file is wrong")]
    assert analyze(analyzer, {}) == []
