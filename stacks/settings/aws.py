"""Where in AWS a stack lives."""

from __future__ import annotations

from pydantic import Field

from components.models.scalars import AccountId, Region
from components.models.section import Section


class AwsSettings(Section):
    """The account and region that everything of the stack is in."""

    region: Region = Field(description="The region; it must have EKS.")
    account: AccountId = Field(description="The account's twelve digits, in quotes. Resources are refused in any other account.")
