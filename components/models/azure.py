"""Types of single settings of Azure, each parsed once into its value."""

from __future__ import annotations

from typing import Annotated, Final

from components.models.written import Written
from facts.azure import LOCATIONS, ZONES
from facts.flexible_server import SKU
from facts.releases import POSTGRES_MAJORS

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_RESOURCE_GROUP: Final = r"[\w().-]{0,89}[\w()-]"
_EXAMPLE_SUBSCRIPTION: Final = "00000000-0000-4000-8000-000000000000"


def _location(text: str) -> str:
    if text not in LOCATIONS:
        raise ValueError(f"{text!r} is not a region of Azure; allowed are {', '.join(LOCATIONS)}")
    return text


def _resource_id(what: str, kind: str, name: str, example: str) -> Written:
    """The id of a resource: ``kind`` is its type, ``name`` the pattern of its name and ``example`` one."""
    return Written(
        what=f"the id of {what}",
        pattern=rf"^/subscriptions/{_UUID}/resourceGroups/{_RESOURCE_GROUP}/providers/{kind}/{name}$",
        example=f"/subscriptions/{_EXAMPLE_SUBSCRIPTION}/resourceGroups/hub/providers/{kind}/{example}",
    )


LocationName = Annotated[
    str, Written(what="a region of Azure", pattern=f"^({'|'.join(LOCATIONS)})$", example="westeurope", parse=_location)
]
Uuid = Annotated[str, Written(what="a UUID in lower case", pattern=f"^{_UUID}$", example=_EXAMPLE_SUBSCRIPTION)]
Zone = Annotated[str, Written(what="an availability zone, by its number", pattern=f"^({'|'.join(ZONES)})$", example="1")]
VirtualNetworkId = Annotated[
    str,
    _resource_id("a virtual network", "Microsoft.Network/virtualNetworks", r"[A-Za-z0-9][\w.-]{0,62}\w", "hub"),
]
NetworkWatcherId = Annotated[
    str,
    _resource_id("a Network Watcher", "Microsoft.Network/networkWatchers", r"[A-Za-z0-9][\w.-]{0,78}\w", "NetworkWatcher_westeurope"),
]
ActionGroupId = Annotated[
    str,
    _resource_id("an action group", "[Mm]icrosoft.[Ii]nsights/actionGroups", r"[\w() .-]{1,260}", "oncall"),
]
FlexibleServerSku = Annotated[
    str,
    Written(
        what="a size of flexible servers of the families B, D or E that can be in a virtual network",
        pattern=f"^{SKU.pattern.replace('?P<burstable>', '').replace('?P<family>', '').replace('?P<cores>', '')}$",
        example="Standard_D2ds_v5",
    ),
]
PostgresExtension = Annotated[
    str, Written(what="the name of an extension of PostgreSQL, in lower case", pattern=r"^[a-z][a-z0-9_-]{0,62}$", example="pgcrypto")
]
PostgresMajor = Annotated[
    str,
    Written(
        what=f"a major version of PostgreSQL, {' or '.join(map(str, POSTGRES_MAJORS))}",
        pattern=f"^({'|'.join(map(str, POSTGRES_MAJORS))})$",
        example=str(POSTGRES_MAJORS[-1]),
    ),
]
