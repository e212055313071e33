"""A rule says the same of a resource of Azure whichever way its type is spelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2 as proto

from policies import deserialize as wire
from policies.analyzer import Analyzer
from policies.model import Resource
from policies.urns import type_of
from policies.values import UNKNOWN, Secret
from tests.policies.requests import UNKNOWN_TEXT, configure
from tests.policies.rules.cases import Case
from tests.policies.rules.collecting import CASES

AZURE = "azure-native:"
OF_AZURE = [case for case in CASES if case.resources[0].type.startswith(AZURE)]


def in_module(token: str) -> str:
    """The token of an API version that lies in the provider's own package, up to its release 2."""
    module, _, kind = token.removeprefix(AZURE).partition(":")
    return f"{AZURE}{module}/v20240801:{kind}"


def in_package(token: str) -> str:
    """The token of an API version for which somebody generated a package, from release 3 on."""
    module, _, kind = token.removeprefix(AZURE).partition(":")
    return f"azure-native_{module}_v20240801:{module}:{kind}"


@pytest.mark.parametrize("case", OF_AZURE, ids=str)
@pytest.mark.parametrize("spell", [in_module, in_package])
def test_a_versioned_token_is_judged_as_the_default_one(case: Case, spell: Callable[[str], str]) -> None:
    assert judged(case, spell) == judged(case, str)


def judged(case: Case, spell: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """Policy, name of the resource and message of all that the pack says."""
    analyzer = Analyzer()
    configure(analyzer, "any", {**case.config, "plinth:environment": case.tier.value})
    answers = [analyzer.Analyze(shown(each, proto.AnalyzeRequest(), spell), None) for each in case.resources]
    whole = proto.AnalyzeStackRequest(resources=[shown(each, proto.AnalyzerResource(), spell) for each in case.resources])
    answers.append(analyzer.AnalyzeStack(whole, None))
    return [(each.policyName, each.urn.rpartition("::")[2], each.message) for answer in answers for each in answer.diagnostics]


def shown(resource: Resource, message: Any, spell: Callable[[str], str]) -> Any:
    """A resource as the engine shows it."""
    message.type, message.urn, message.name = spelled(resource.type, spell), respelled(resource.urn, spell), resource.name
    message.options.protect = resource.options.protect
    message.properties.update(sent(resource.properties))
    if isinstance(message, proto.AnalyzerResource):
        message.dependencies.extend(respelled(urn, spell) for urn in resource.dependencies)
    return message


def spelled(token: str, spell: Callable[[str], str]) -> str:
    return spell(token) if token.startswith(AZURE) else token


def respelled(urn: str, spell: Callable[[str], str]) -> str:
    return urn.replace(type_of(urn), spelled(type_of(urn), spell))


def sent(content: Any) -> Any:
    if content is UNKNOWN:
        return UNKNOWN_TEXT
    match content:
        case Secret(value):
            return {wire.SIGNATURE: wire.SECRET, "value": sent(value)}
        case dict():
            return {key: sent(below) for key, below in content.items()}
        case list():
            return [sent(each) for each in content]
    return content
