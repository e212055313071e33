"""How long Performance Insights keeps what it has seen, and the mode of Database Insights that goes with it."""

from __future__ import annotations

from typing import Final

from components.base import ComponentError
from facts.aws import INSIGHTS_RETENTION_DAYS

_ADVANCED_FROM_DAYS: Final = 465


class InsightsRetentionError(ComponentError):
    """RDS offers no such retention."""


def check_insights_retention(days: int) -> None:
    """Refuse what RDS does not offer: 7 days, 1 to 23 months of 31 days, or 731 days.

    Raises:
        InsightsRetentionError: with what is allowed.
    """
    if days not in INSIGHTS_RETENTION_DAYS:
        raise InsightsRetentionError(f"no Performance Insights retention of {days} days; allowed are 7, multiples of 31, 731")


def insights_mode(days: int) -> str:
    """The mode of Database Insights: ``advanced`` needs 15 months of history, shorter ones go with ``standard``."""
    return "advanced" if days >= _ADVANCED_FROM_DAYS else "standard"
