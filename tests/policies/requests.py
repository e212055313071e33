"""Requests as the engine sends them, and what the pack answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2 as proto

from policies.analyzer import Analyzer
from policies.model import Check, ResourceRule, StackCheck, StackRule

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
DATABASE = "aws:rds/instance:Instance"


def urn_of(token: str, name: str = "it", stack: str = "production") -> str:
    return f"urn:pulumi:{stack}::plinth::{token}::{name}"


def request(token: str, properties: Mapping[str, Any], name: str = "it", stack: str = "production") -> proto.AnalyzeRequest:
    message = proto.AnalyzeRequest(type=token, urn=urn_of(token, name, stack), name=name)
    message.properties.update(properties)
    return message


def stack_resource(token: str, properties: Mapping[str, Any], name: str = "it", **fields: Any) -> proto.AnalyzerResource:
    message = proto.AnalyzerResource(type=token, urn=urn_of(token, name), name=name, **fields)
    message.properties.update(properties)
    return message


def rule(check: Check, *requirements: str, name: str = "the-rule", types: tuple[str, ...] = (DATABASE,)) -> ResourceRule:
    return ResourceRule(name=name, requirements=requirements or ("PG-002",), types=types, check=check)


def stack_rule(check: StackCheck, *requirements: str, types: tuple[str, ...] = (DATABASE,)) -> StackRule:
    return StackRule(name="the-stack-rule", requirements=requirements or ("PG-002",), types=types, check=check)


def configure(analyzer: Analyzer, stack: str, config: Mapping[str, str] | None = None) -> None:
    analyzer.ConfigureStack(proto.AnalyzerStackConfigureRequest(stack=stack, project="plinth", config=config or {}), None)


def configure_rules(analyzer: Analyzer, **rules: proto.PolicyConfig) -> None:
    analyzer.Configure(proto.ConfigureAnalyzerRequest(policyConfig={name.replace("_", "-"): each for name, each in rules.items()}), None)


def configure_like_the_engine(analyzer: Analyzer, **asked: proto.EnforcementLevel.ValueType) -> None:
    """Sends back every level that the pack told, changed where the user asked for another."""
    told = {policy.name: policy.enforcementLevel for policy in analyzer.GetAnalyzerInfo(Empty(), None).policies}
    levels = {**told, **{name.replace("_", "-"): level for name, level in asked.items()}}
    configured = {name: proto.PolicyConfig(enforcementLevel=level) for name, level in levels.items()}
    analyzer.Configure(proto.ConfigureAnalyzerRequest(policyConfig=configured), None)


def analyze(analyzer: Analyzer, properties: Mapping[str, Any], token: str = DATABASE, name: str = "it") -> list[tuple[str, str]]:
    return said(analyzer.Analyze(request(token, properties, name), None))


def analyze_stack(analyzer: Analyzer, *resources: proto.AnalyzerResource) -> list[tuple[str, str]]:
    return said(analyzer.AnalyzeStack(proto.AnalyzeStackRequest(resources=resources), None))


def said(response: proto.AnalyzeResponse) -> list[tuple[str, str]]:
    """Level and message of each diagnostic."""
    return [(proto.EnforcementLevel.Name(each.enforcementLevel).lower(), each.message) for each in response.diagnostics]
