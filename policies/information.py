"""What the pack tells the engine about itself and its rules."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from pulumi.runtime.proto import analyzer_pb2 as proto

from policies.catalogue import requirements
from policies.config import schema_of
from policies.findings import Level
from policies.model import ResourceRule, Rule

NAME: Final = "plinth"
DESCRIPTION: Final = "Operational requirements of the platform"

LEVELS: Final[Mapping[Level, proto.EnforcementLevel.ValueType]] = {Level.ADVISORY: proto.ADVISORY, Level.MANDATORY: proto.MANDATORY}
SEVERITIES: Final[Mapping[str, proto.PolicySeverity.ValueType]] = {
    "P0": proto.POLICY_SEVERITY_CRITICAL,
    "P1": proto.POLICY_SEVERITY_HIGH,
    "P2": proto.POLICY_SEVERITY_MEDIUM,
    "P3": proto.POLICY_SEVERITY_LOW,
}


@cache
def version() -> str:
    """The version of the project: that of the checkout that the pack is run from, else of the installed package."""
    project = Path(__file__).parent.parent / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version("plinth")


def severity(rule: Rule) -> proto.PolicySeverity.ValueType:
    """The severity of a rule: that of its worst requirement."""
    return SEVERITIES[min(requirements()[each].severity for each in rule.requirements)]


def description(rule: Rule) -> str:
    """What a rule is for: the titles of its requirements."""
    return "; ".join(f"{each} {requirements()[each].title}" for each in rule.requirements)


def analyzer_info(rules: Iterable[tuple[Rule, Level]]) -> proto.AnalyzerInfo:
    """The pack and its rules, each with the level that it has where nobody configures another."""
    return proto.AnalyzerInfo(
        name=NAME,
        displayName="Plinth",
        description=DESCRIPTION,
        version=version(),
        supportsConfig=True,
        policies=[_policy_info(rule, level) for rule, level in rules],
    )


def _policy_info(rule: Rule, level: Level) -> proto.PolicyInfo:
    info = proto.PolicyInfo(
        name=rule.name,
        displayName=rule.name.replace("-", " ").capitalize(),
        description=description(rule),
        enforcementLevel=LEVELS[level],
        severity=severity(rule),
        policy_type=proto.POLICY_TYPE_RESOURCE if isinstance(rule, ResourceRule) else proto.POLICY_TYPE_STACK,
        tags=rule.requirements,
    )
    if rule.settings is not None:
        info.configSchema.properties.update(schema_of(rule.settings))
    return info
