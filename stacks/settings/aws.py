"""Where in AWS a stack lives, and what only AWS has."""

from __future__ import annotations

from pydantic import Field

from components.models.scalars import AccountId, Region
from components.models.section import Section
from components.storage.aws.model import VolumeSettings


class AwsSettings(Section):
    """The account and region that everything of the stack is in."""

    region: Region = Field(description="The region; it must have EKS.")
    account: AccountId = Field(description="The account's twelve digits, in quotes. Resources are refused in any other account.")
    broker_volumes: VolumeSettings | None = Field(
        default=None,
        description="Speed of the brokers' volumes; without it 6000 iops and 250 MiB/s where NATS must lose nothing (rpo 0s), "
        "and what gp3 has at no extra cost elsewhere. Existing volumes keep their speed: runbooks/volume-speed.md.",
    )
