"""Which live resource is which of the program's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from offline.recording import RecordedResource
from verification.live import LiveResource

_NAMED_BY: Final[Mapping[str, str]] = {
    "aws:cloudwatch/logGroup:LogGroup": "name",
    "aws:eks/addon:Addon": "addonName",
    "aws:eks/cluster:Cluster": "name",
    "aws:eks/nodeGroup:NodeGroup": "nodeGroupName",
    "aws:kms/key:Key": "description",
    "aws:rds/cluster:Cluster": "clusterIdentifier",
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": "description",
    "aws:rds/instance:Instance": "identifier",
    "aws:rds/parameterGroup:ParameterGroup": "description",
    "aws:rds/proxy:Proxy": "name",
}
"""The input by which a resource of the type is known in the account. Keys and parameter groups have no name that a program gives:
their descriptions are as unique."""

_PARAMETER_GROUPS: Final = frozenset({"aws:rds/clusterParameterGroup:ClusterParameterGroup", "aws:rds/parameterGroup:ParameterGroup"})

COMPARED: Final = frozenset(_NAMED_BY)
"""The types whose resources are looked for, one by one."""

_RANDOM: Final = r"-[0-9a-f]{7}"
"""What Pulumi puts behind the name of what the program does not name."""


def match(declared: Sequence[RecordedResource], live: Sequence[LiveResource]) -> Mapping[str, LiveResource]:
    """The live resource of each declared one, by the declared one's URN; those that are not there are left out."""
    found: dict[str, LiveResource] = {}
    for resource in declared:
        key = _NAMED_BY.get(resource.type)
        if key is not None:
            given = resource.inputs.get(key)
            pattern = re.compile(re.escape(given) if isinstance(given, str) else f"{re.escape(resource.name)}{_RANDOM}")
            alike = [each for each in live if each.type == resource.type and pattern.fullmatch(each.key)]
            if alike:
                # A key that an earlier deployment left behind has the description of its successor.
                found[resource.urn] = max(alike, key=lambda each: each.inputs.get("isEnabled") is not False)
    return found


def names_of(declared: Sequence[RecordedResource]) -> Mapping[str, frozenset[str]]:
    """The names that the program gives, by type."""
    names: dict[str, set[str]] = {}
    for resource in declared:
        given = resource.inputs.get(_NAMED_BY.get(resource.type, ""))
        if isinstance(given, str):
            names.setdefault(resource.type, set()).add(given)
    return {kind: frozenset(given) for kind, given in names.items()}


def parameters_of(declared: Sequence[RecordedResource]) -> frozenset[str]:
    """The names of the parameters that the program sets in parameter groups."""
    groups = (resource.inputs.get("parameters") for resource in declared if resource.type in _PARAMETER_GROUPS)
    return frozenset(each["name"] for group in groups if isinstance(group, Sequence) for each in group)
