"""The outputs that a resource type declares, read from the SDK's class: what a provider computes is unknown at a preview."""

from __future__ import annotations

import functools
import importlib
import typing
from types import NoneType

from pulumi.runtime import rpc

from offline.urns import PROVIDER_PREFIX


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
