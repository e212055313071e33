"""The parameters of Azure's servers, each a resource of its own, and which server each is of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policies.deserialize import canonical_type
from policies.model import Resource
from policies.rules.database.kinds import AZURE_SERVER
from policies.urns import type_of

AZURE_CONFIGURATION: Final = "azure-native:dbforpostgresql:Configuration"
_ELSEWHERE: Final = "where the name of a server is unknown, the dependency on it tells"


def is_parameter(configuration: Resource, name: str) -> bool:
    """Whether a resource sets this parameter: by its name, which is that of the resource where none is written."""
    if configuration.type != AZURE_CONFIGURATION:
        return False
    return configuration["configurationName"].may_satisfy(lambda content: str(content).lower() == name, default=configuration.name)


def configurations_of(server: Resource, configurations: Sequence[Resource]) -> Iterator[Resource]:
    """Those of one server: by its name, else by the dependency on it.

    One whose server nobody can tell may be of any, which is noted.
    """
    for configuration in configurations:
        named, own = configuration["serverName"].peek(_ELSEWHERE), server["serverName"].peek(_ELSEWHERE)
        followed = [urn for urn in configuration.dependencies if canonical_type(type_of(urn)) == AZURE_SERVER]
        if isinstance(named, str) and isinstance(own, str):
            if named.lower() == own.lower():
                yield configuration
        elif server.urn in followed or (not followed and configuration["serverName"].is_unknown):
            yield configuration
