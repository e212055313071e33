"""The recorded resources of a stack before the pack once more, with some of their inputs changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from google.protobuf.json_format import ParseDict
from google.protobuf.struct_pb2 import Struct, Value
from pulumi.runtime.proto import analyzer_pb2 as proto

from offline.engine import RecordedResource
from policies.analyzer import Analyzer
from tests.policies.requests import configure
from tests.runs import config_of, run_of

Change = tuple[str, Any]
"""The path of an input, steps apart by ``/`` (``~1`` within one), and its new value; None takes the input away."""


def judge(stack: str, changes: Mapping[str, Sequence[Change]]) -> list[tuple[str, str, str]]:
    """Level, URN and message of each diagnostic about the stack with ``changes``, by the URN of the resource that they are made to."""
    analyzer = Analyzer()
    configure(analyzer, stack, config_of(stack).values)
    said: list[tuple[str, str, str]] = []
    resources = [_changed(message, changes[message.urn]) if message.urn in changes else message for message in _messages(stack)]
    for each in resources:
        request = proto.AnalyzeRequest(type=each.type, properties=each.properties, urn=each.urn, name=each.name, options=each.options)
        said.extend(_said(analyzer.Analyze(request, None), each.urn))
    said.extend(_said(analyzer.AnalyzeStack(proto.AnalyzeStackRequest(resources=resources), None), resources[0].urn))
    return said


def find(stack: str, token: str, name: str) -> RecordedResource:
    """The one resource of a stack with this name and a type that ends so."""
    (found,) = (each for each in run_of(stack).resources if each.name == name and each.type.endswith(token))
    return found


@cache
def _messages(stack: str) -> tuple[proto.AnalyzerResource, ...]:
    return tuple(
        proto.AnalyzerResource(
            type=each.type,
            properties=each.properties,
            urn=each.urn,
            name=each.name,
            options=proto.AnalyzerResourceOptions(protect=bool(each.options.get("protect")), parent=each.parent),
            parent=each.parent,
            dependencies=each.dependencies,
            propertyDependencies={key: proto.AnalyzerPropertyDependencies(urns=urns) for key, urns in each.property_dependencies.items()},
        )
        for each in run_of(stack).resources
    )


def _changed(message: proto.AnalyzerResource, changes: Sequence[Change]) -> proto.AnalyzerResource:
    copy = proto.AnalyzerResource()
    copy.CopyFrom(message)
    for path, value in changes:
        _set(copy.properties, [step.replace("~1", "/") for step in path.split("/")], value)
    return copy


def _set(struct: Struct, steps: Sequence[str], value: Any) -> None:
    *above, last = steps
    for step in above:
        struct = struct.fields[step].struct_value
    if value is None:
        # A break that takes away what is not there would prove nothing.
        assert last in struct.fields
        del struct.fields[last]
    else:
        struct.fields[last].CopyFrom(ParseDict(value, Value()))


def _said(response: proto.AnalyzeResponse, default_urn: str) -> list[tuple[str, str, str]]:
    return [
        (proto.EnforcementLevel.Name(each.enforcementLevel).lower(), each.urn or default_urn, each.message) for each in response.diagnostics
    ]
