"""The parameters of Azure's servers, each a resource of its own, and which server each is of."""

from __future__ import annotations

from typing import Final

from policies.model import Resource
from policies.rules.database.references import may_name

AZURE_CONFIGURATION: Final = "azure-native:dbforpostgresql:Configuration"


def is_parameter(configuration: Resource, name: str) -> bool:
    """Whether a resource sets this parameter: by its name, which is that of the resource where none is written."""
    if configuration.type != AZURE_CONFIGURATION:
        return False
    return configuration["configurationName"].may_satisfy(lambda content: str(content).lower() == name, default=configuration.name)


def may_be_of(configuration: Resource, server: Resource) -> bool:
    """Whether a parameter is of a server: by its name, else by the dependency on it; where nobody can tell (noted), it may."""
    return may_name(configuration, "serverName", server)
