"""The outputs that a resource type declares, read from the SDK's class: what a provider computes is unknown at a preview."""

from __future__ import annotations

import functools
import importlib
import typing
from types import NoneType
from typing import Final

from google.protobuf.struct_pb2 import Struct
from pulumi.runtime import rpc

from offline.urns import PROVIDER_PREFIX
from offline.wire import UNKNOWN_TEXT

_IDENTITIES: Final = "userAssignedIdentities"


def without_reshaped(token: str, properties: Struct) -> Struct:
    """The properties, in which that is unknown which the provider answers in another shape than it was given in.

    Azure Native is given the user-assigned identities of a resource as a list and answers with a
    mapping; at a preview it says nothing of what differs so.
    """
    # Reading a field that is not there would create it.
    held = token.startswith("azure-native") and "identity" in properties.fields
    if not held or _IDENTITIES not in properties.fields["identity"].struct_value.fields:
        return properties
    planned = Struct()
    planned.CopyFrom(properties)
    planned.fields["identity"].struct_value.fields[_IDENTITIES].string_value = UNKNOWN_TEXT
    return planned


@functools.cache
def computed_outputs(token: str) -> tuple[str, ...] | None:
    """The outputs that every resource of type ``token`` has in the end; None where no SDK of its package is imported.

    Those are the ones that the class declares without ``Optional``: given as inputs, or else computed by the provider. The classes of
    Kubernetes declare every output so, but its provider answers with the object as it was given; a provider has no outputs but its inputs.
    """
    package, _, rest = token.partition(":")
    if package == "kubernetes" or token.startswith(PROVIDER_PREFIX):
        return ()
    module = rpc.get_resource_module(package, rest.rpartition(":")[0], "")
    # The class of the module in each package's generated utilities.
    info = getattr(module, "mod_info", {})
    if token not in info.get("classes", {}):
        return None
    resource = getattr(importlib.import_module(info["fqn"]), info["classes"][token])
    declared = {}
    for name, member in vars(resource).items():
        if isinstance(member, property) and member.fget is not None:
            declared[getattr(member.fget, "_pulumi_name", name)] = getattr(member.fget, "__annotations__", {}).get("return")
    declared.pop("id", None)  # which is not a property on the wire
    return tuple(sorted(name for name, kind in declared.items() if NoneType not in typing.get_args((*typing.get_args(kind), kind)[0])))
