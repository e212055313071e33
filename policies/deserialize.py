"""Properties as the engine sends them (protobuf) to plain values as rules read them."""

from __future__ import annotations

import re
import sys
from typing import Any, Final

from google.protobuf.struct_pb2 import Struct

from policies.values import UNKNOWN, Secret

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a mapping as something else; these and the following numbers are the engine's wire format."""

ASSET: Final = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE: Final = "0def7320c3a5731c473e5ecbe6d01bc7"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 # a marker, no secret
RESOURCE: Final = "5cf8f73096256a8f31e491e813e4eb8e"
OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string, and whatever has no type yet
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
"""What stands for a value that is unknown at preview, by its type."""

_SENTINEL_LENGTH: Final = 36
_AZURE_VERSION: Final = re.compile(r"azure-native(?:_\w+?_v\d\w*:(\w+)|:(\w+)/v\d\w*)(:.+)")


def canonical_type(token: str) -> str:
    """The type token without an azure-native API version.

    Both forms of a versioned token, ``azure-native:dbforpostgresql/v20240801:Server`` and that of a generated package,
    ``azure-native_dbforpostgresql_v20240801:dbforpostgresql:Server``, become ``azure-native:dbforpostgresql:Server``.
    """
    if not token.startswith("azure-native"):
        return token
    versioned = _AZURE_VERSION.fullmatch(token)
    return f"azure-native:{versioned[1] or versioned[2]}{versioned[3]}" if versioned else token


class NestingError(ValueError):
    """Properties are nested too deeply to be judged."""


def deserialize(struct: Struct, deepest: int = sys.maxsize) -> dict[str, Any]:
    """A protobuf struct as a dict of dict, list, str, float, bool, None, :data:`UNKNOWN` and :class:`Secret`.

    Assets and archives become mappings with ``text``, ``path``, ``uri`` or ``assets``; a reference to a resource becomes its id, or its
    URN where it has none (components).

    Raises:
        NestingError: values lie in each other more than ``deepest`` levels deep.
    """
    return {key: _plain(value, deepest) for key, value in struct.fields.items()}


def _plain(value: Any, levels: int) -> Any:
    if not levels:
        raise NestingError
    # The order is that of frequency; fields are read only once their kind is known, as each read costs a call.
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if len(text) == _SENTINEL_LENGTH and text in UNKNOWNS else text
    if kind == "struct_value":
        content = {key: _plain(below, levels - 1) for key, below in value.struct_value.fields.items()}
        return _special(content) if SIGNATURE in content else content
    if kind == "bool_value":
        return value.bool_value
    if kind == "number_value":
        return value.number_value
    if kind == "list_value":
        return [_plain(element, levels - 1) for element in value.list_value.values]
    return None


def _special(content: dict[str, Any]) -> Any:
    signature = content.pop(SIGNATURE)
    if signature == SECRET:
        return Secret(content.get("value"))
    if signature == OUTPUT:
        known = content.get("value", UNKNOWN)
        return Secret(known) if content.get("secret") is True else known
    if signature == RESOURCE:
        # An id that is not known yet is sent as an empty string.
        return (content["id"] or UNKNOWN) if "id" in content else content.get("urn", UNKNOWN)
    return content
