"""Providers of a run: which default ones a stack forbids, what they are made of, and which of all are not configured yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from google.protobuf.struct_pb2 import Struct, Value

from offline.errors import DefaultProviderError, StackFileError
from offline.wire import mark_secret

DISABLED_KEY: Final = "pulumi:disable-default-providers"
# The engine's own provider (stack references) cannot be disabled.
_BUILT_IN: Final = "pulumi"


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """The provider plugin that a request asks for: ``version`` and ``url`` may be empty."""

    package: str
    version: str = ""
    url: str = ""

    @property
    def default_name(self) -> str:
        """The name of the default provider resource that the engine makes for the plugin."""
        version = "".join(f"_{part}" for part in re.split(r"[.+-]", self.version) if part)
        # The URL as an engine name: what is not allowed in one becomes an underscore.
        segments = [re.sub(r"[^A-Za-z0-9_.-]", "_", segment) for segment in self.url.split("/") if segment]
        return f"default{version}" + (f"_{'/'.join(segments)}" if segments else "")

    def set_on(self, inputs: Struct) -> None:
        """Put the plugin among the inputs of a provider resource, where the engine keeps it."""
        if self.version or self.url:
            inputs.fields["__internal"].struct_value.SetInParent()
        if self.version:
            inputs.fields["version"].string_value = self.version
        if self.url:
            inputs.fields["__internal"].struct_value.fields["pluginDownloadURL"].string_value = self.url


class DefaultProviders:
    """The default providers that the configuration of a stack allows and makes."""

    def __init__(self, config: Mapping[str, str], secret_keys: Iterable[str]) -> None:
        self._config, self._secret_keys = config, frozenset(secret_keys)
        self._disabled = disabled_default_providers(config)

    def check(self, package: str, subject: str) -> None:
        """Refuse the default provider of ``package`` for ``subject`` where it is disabled.

        Raises:
            DefaultProviderError: it is.
        """
        if package != _BUILT_IN and self._disabled & {package, "*"}:
            raise DefaultProviderError(
                f"{subject}: the default provider for {package!r} is disabled ({DISABLED_KEY});"
                " give it, or its parent, an explicit provider"
            )

    def inputs(self, plugin: Plugin) -> Struct:
        """The inputs of the default provider: the configuration keys of its package."""
        inputs = Struct()
        for key, value in self._config.items():
            namespace, _, name = key.partition(":")
            if namespace == plugin.package:
                inputs.fields[name].CopyFrom(Value(string_value=value))
                if key in self._secret_keys:
                    mark_secret(inputs.fields, name)
        plugin.set_on(inputs)
        return inputs


def disabled_default_providers(config: Mapping[str, str]) -> frozenset[str]:
    """The packages whose default provider is disabled; ``*`` stands for all.

    Raises:
        StackFileError: the value is not a list of names.
    """
    text = config.get(DISABLED_KEY)
    if not text:
        return frozenset()
    try:
        names = json.loads(text)
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise StackFileError(f'{DISABLED_KEY} = {text!r}: allowed is a list of package names, or ["*"]')
    return frozenset(name.strip() for name in names)
