"""The options of a resource: as they are inherited, recorded, and shown to the pack."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2
from pulumi.runtime.proto import resource_pb2 as pb

from facts.duration import parse_duration
from offline.errors import RegistrationError
from offline.properties import plain_value
from offline.urns import alias_urn, urn_of
from policies.urns import type_of

_LONG_UNITS: Final = frozenset("dwy")


def inherit(request: pb.RegisterResourceRequest, goal: Mapping[str, Any], provider: str) -> None:
    """Hand down from a parent, with options ``goal`` and a ``provider``, what the request says nothing of, as the engine does."""
    if not request.HasField("protect") and "protect" in goal:
        request.protect = goal["protect"]
    if not request.HasField("retainOnDelete") and "retain_on_delete" in goal:
        request.retainOnDelete = goal["retain_on_delete"]
    if not request.deletedWith:
        request.deletedWith = goal.get("deleted_with", "")
    if not request.provider and provider and type_of(provider).rpartition(":")[2] == request.type.split(":")[0]:
        request.provider = provider


def recorded_options(request: pb.RegisterResourceRequest, urn: str) -> dict[str, Any]:
    """What a request says beyond type, name and inputs, by the names of ``pulumi.ResourceOptions``; only what was given.

    Providers are URNs, aliases the URNs that they stand for, custom timeouts seconds as in the state.

    Raises:
        RegistrationError: a custom timeout is not a duration.
    """
    given: dict[str, Any] = {
        "protect": request.protect if request.HasField("protect") else None,
        "retain_on_delete": request.retainOnDelete if request.HasField("retainOnDelete") else None,
        "delete_before_replace": request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
        "ignore_changes": list(request.ignoreChanges),
        "replace_on_changes": list(request.replaceOnChanges),
        "replace_with": list(request.replace_with),
        "replacement_trigger": plain_value(request.replacement_trigger) if request.HasField("replacement_trigger") else None,
        "additional_secret_outputs": list(request.additionalSecretOutputs),
        "hide_diffs": list(request.hideDiffs),
        "aliases": list(dict.fromkeys([*request.aliasURNs, *(alias_urn(alias, urn, request.parent) for alias in request.aliases)])),
        "custom_timeouts": _timeouts(request, urn),
        "provider": urn_of(request.provider),
        "providers": {package: urn_of(reference) for package, reference in sorted(request.providers.items())},
        "version": request.version,
        "plugin_download_url": request.pluginDownloadURL,
        "env_var_mappings": dict(sorted(request.envVarMappings.items())),
        "import": request.importId,
        "deleted_with": request.deletedWith,
        "hooks": json_format.MessageToDict(request.hooks),
    }
    return {name: value for name, value in given.items() if value not in (None, "", [], {})}


def analyzer_options(options: Mapping[str, Any], parent: str) -> analyzer_pb2.AnalyzerResourceOptions:
    """The options as the engine shows them to an analyzer; aliases are shown only where an old resource had one, so never here."""
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=options.get("protect", False),
        ignoreChanges=options.get("ignore_changes"),
        deleteBeforeReplace=options.get("delete_before_replace", False),
        deleteBeforeReplaceDefined="delete_before_replace" in options,
        additionalSecretOutputs=options.get("additional_secret_outputs"),
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(**options.get("custom_timeouts", {})),
        parent=parent,
    )


def _timeouts(request: pb.RegisterResourceRequest, urn: str) -> dict[str, float]:
    given = json_format.MessageToDict(request.customTimeouts)
    return {operation: _seconds(text, f"{urn}: the custom timeout of {operation}") for operation, text in sorted(given.items())}


def _seconds(text: str, what: str) -> float:
    # Go, which reads custom timeouts, knows neither a bare number nor these units.
    if text and not text.isdigit() and not _LONG_UNITS & set(text):
        with suppress(ValueError):
            return parse_duration(text).total_seconds()
    raise RegistrationError(f"{what} is not a duration: {text!r}; write it as 30s, 5m or 1h30m")
