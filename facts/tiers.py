"""The kinds of environment."""

from __future__ import annotations

from enum import StrEnum


class Tier(StrEnum):
    """What an environment is for; the defaults follow from it."""

    LOCAL = "local"
    DEV = "dev"
    STAGING = "staging"
    PRODUCTION = "production"
