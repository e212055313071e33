"""The places that a platform can stand on, one module each; a place's SDK is imported by its own stacks alone."""

from __future__ import annotations

from components.foundation import Foundation
from stacks.errors import PlinthError
from stacks.settings.aws import AwsStack
from stacks.settings.existing import ExistingStack
from stacks.settings.tree import Settings


def build_foundation(settings: Settings, name: str) -> Foundation:
    """Build the place that the settings name; ``name`` is the platform's, unique in its account.

    Raises:
        PlinthError: the place cannot be built with these settings.
    """
    if isinstance(settings, AwsStack):
        from stacks.clouds.aws import build_on_aws  # noqa: PLC0415 # the SDK of AWS, for a stack on AWS alone

        return build_on_aws(settings, name)
    if isinstance(settings, ExistingStack):
        from stacks.clouds.existing import build_on_existing  # noqa: PLC0415 # likewise

        return build_on_existing(settings, name)
    raise PlinthError(f"{type(settings).__name__} is not a place to build on")
