"""Which inputs a provider knows: a case that writes others would test a rule against what nobody can deploy."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

import pulumi_aws
import pulumi_azure_native
import pulumi_cloudamqp
import pulumi_kubernetes
from pulumi import _types

from policies.model import Resource
from policies.values import Secret
from tests.tools import ROOT

DEFINITIONS = ROOT.parent / "shared" / "crds"
"""Schemas of custom resources, one file a definition; where the folder is missing their fields are not checked."""
CLOUDNATIVE_PG: dict[str, Any] = json.loads(Path(__file__).with_name("cloudnative_pg.json").read_text(encoding="utf-8"))["kinds"]

SDKS: dict[str, Any] = {
    "aws": pulumi_aws,
    "azure-native": pulumi_azure_native,
    "cloudamqp": pulumi_cloudamqp,
    "kubernetes": pulumi_kubernetes,
}
FREE = None
"""Fields that nobody describes: chart values, labels, the content of ConfigMaps."""
WRITTEN_DOWN: dict[str, Any] = {
    "rabbitmq:index/queue:Queue": {
        "name": FREE,
        "vhost": FREE,
        "settings": {"durable": FREE, "autoDelete": FREE, "arguments": FREE, "argumentsJson": FREE},
    },
    "rabbitmq:index/exchange:Exchange": {
        "name": FREE,
        "vhost": FREE,
        "settings": {"type": FREE, "durable": FREE, "autoDelete": FREE, "arguments": FREE},
    },
    "rabbitmq:index/policy:Policy": {
        "name": FREE,
        "vhost": FREE,
        "policy": {"pattern": FREE, "priority": FREE, "applyTo": FREE, "definition": FREE},
    },
}
"""Inputs of providers whose SDK the project does not use, from their documentation."""


def unknown_inputs(resource: Resource) -> list[str]:
    """The dotted paths that no input of the provider has; lists stand for their elements."""
    provider, _, rest = resource.type.partition(":")
    if resource.type in WRITTEN_DOWN:
        return list(_strange(WRITTEN_DOWN[resource.type], resource.properties, ""))
    try:
        return list(_strange(sdk_class(provider, rest), resource.properties, ""))
    except LookupError:
        return list(_strange(custom_schema(rest), resource.properties, ""))


def sdk_class(provider: str, rest: str) -> type:
    """The class of a resource's arguments: ``rds/instance:Instance``, ``containerservice:AgentPool`` or ``apps/v1:StatefulSet``.

    Raises:
        LookupError: the SDK has no such resource.
    """
    place, _, kind = rest.partition(":")
    if provider == "pulumi":
        return cast("type", SDKS[kind].ProviderArgs)
    module_name, _, version = place.partition("/")
    # By attributes, as programs do: the SDKs load their modules lazily, and importing one by its name breaks that.
    # Small SDKs have no modules: all is in ``index``.
    sdk = SDKS[provider]
    module: Any = sdk if module_name == "index" else getattr(sdk, module_name.partition(".")[0], None)
    if provider == "kubernetes":
        module = getattr(module, version, None)
    with warnings.catch_warnings():
        # A module that has something deprecated says so when it is loaded.
        warnings.simplefilter("ignore", DeprecationWarning)
        for name in (f"{kind}InitArgs", f"{kind}Args"):
            found = getattr(module, name, None)
            if isinstance(found, type):
                return found
    raise LookupError(f"the SDK has no {provider}:{rest}")


@cache
def custom_schema(rest: str) -> Any:
    """The schema of a custom resource as nested names, with the metadata that every object has; free where no schemas are at hand."""
    group_version, _, kind = rest.partition(":")
    group, _, version = group_version.partition("/")
    if group.endswith("cnpg.io"):
        return _object({"spec": CLOUDNATIVE_PG[kind]})
    if not DEFINITIONS.is_dir():
        return FREE
    for path in DEFINITIONS.glob(f"*.{group}.json"):
        definition = json.loads(path.read_text(encoding="utf-8"))
        if definition["kind"] == kind:
            return _object(_names(definition["versions"][version]))
    raise LookupError(f"no definition of {rest}")


def _object(names: dict[str, Any]) -> dict[str, Any]:
    meta = _types.input_type_types(sdk_class("kubernetes", "core/v1:ConfigMap"))["metadata"]
    return {**names, "apiVersion": FREE, "kind": FREE, "metadata": meta}


def _names(schema: dict[str, Any]) -> Any:
    if "items" in schema:
        return _names(schema["items"])
    return {key: _names(below) for key, below in schema["properties"].items()} if "properties" in schema else FREE


def _strange(schema: Any, content: Any, path: str) -> Iterator[str]:
    plain = content.value if isinstance(content, Secret) else content
    if isinstance(plain, list):
        for element in plain:
            yield from _strange(schema, element, path)
        return
    fields = schema if isinstance(schema, dict) else _fields(schema)
    if fields is FREE or not isinstance(plain, dict):
        return
    for key, below in plain.items():
        place = f"{path}.{key}" if path else key
        if key in fields:
            yield from _strange(fields[key], below, place)
        else:
            yield place


def _fields(hint: Any) -> dict[str, Any] | None:
    """The fields of the arguments class in a type hint, if there is one; of all of them where it may be one of several."""
    if isinstance(hint, type) and _types.is_input_type(hint):
        return dict(_types.input_type_types(hint))
    found = [fields for part in get_args(hint) if (fields := _fields(part)) is not None]
    return {key: below for fields in found for key, below in fields.items()} if found else FREE
