"""The places that a stack can stand on, each with its tree of settings; the section named like the place says where."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from stacks.settings.tree import Settings


def _aws() -> type[Settings]:
    from stacks.settings.aws import AwsStack  # noqa: PLC0415 # a stack builds the models of its own place alone: they take a tenth of a second

    return AwsStack


def _azure() -> type[Settings]:
    from stacks.settings.azure import AzureStack  # noqa: PLC0415 # likewise

    return AzureStack


def _existing() -> type[Settings]:
    from stacks.settings.existing import ExistingStack  # noqa: PLC0415 # likewise

    return ExistingStack


PLACES: Final[Mapping[str, Callable[[], type[Settings]]]] = {"aws": _aws, "azure": _azure, "existing": _existing}
