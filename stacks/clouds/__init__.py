"""The places that a platform can stand on, one module each; a place's SDK is imported by its own stacks alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, cast

from components.foundation import Foundation
from stacks.settings.tree import Settings

if TYPE_CHECKING:
    from stacks.settings.aws import AwsStack
    from stacks.settings.azure import AzureStack
    from stacks.settings.existing import ExistingStack


def build_foundation(settings: Settings, name: str) -> Foundation:
    """Build the place that the settings name; ``name`` is the platform's, unique in its account.

    Raises:
        PlinthError: the place cannot be built with these settings.
    """
    (build,) = (builder for place, builder in _BUILDERS.items() if place in type(settings).model_fields)
    return build(settings, name)


def _on_aws(settings: Settings, name: str) -> Foundation:
    from stacks.clouds.aws import build_on_aws  # noqa: PLC0415 # the SDK and the models of AWS, for a stack on AWS alone

    return build_on_aws(cast("AwsStack", settings), name)


def _on_azure(settings: Settings, name: str) -> Foundation:
    from stacks.clouds.azure import build_on_azure  # noqa: PLC0415 # likewise

    return build_on_azure(cast("AzureStack", settings), name)


def _on_existing(settings: Settings, name: str) -> Foundation:
    from stacks.clouds.existing import build_on_existing  # noqa: PLC0415 # likewise

    return build_on_existing(cast("ExistingStack", settings), name)


_BUILDERS: Final[Mapping[str, Callable[[Settings, str], Foundation]]] = {"aws": _on_aws, "azure": _on_azure, "existing": _on_existing}
"""By the name of the place's own section."""
