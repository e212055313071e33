"""Buckets of NATS as settings have them: keys with values, and objects. Each is a stream underneath."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from pydantic import Field

from components.messaging.nats.names import LONGEST, Replicas
from components.models.scalars import Count, Flag, ResourceName
from components.models.section import Contradiction, Section
from components.models.written import duration, quantity
from facts.quantity import format_quantity

_MOST_HISTORY: Final = 64


class BucketSettings(Section):
    """What both kinds of buckets have."""

    max_bytes: Annotated[Decimal, quantity(least="1Mi", most="1Pi", step="1", example="1Gi")] = Field(
        description="How much one copy may hold."
    )
    ttl: Annotated[timedelta, duration(least="1s", most=LONGEST)] | None = Field(
        default=None, description="How long a value is kept; where it is left out until it is replaced or deleted."
    )
    replicas: Replicas | None = Field(default=None, description="Copies; where it is left out as many as there are servers, three at most.")
    compression: Flag = Field(default=False, description="Whether its files are compressed.")
    mirror: Flag = Field(
        default=False, description="Whether it copies the bucket of this name in the remote cluster; nobody can write to it."
    )
    dr_mirror: ResourceName | None = Field(default=None, description="The stack that holds the mirror for disaster recovery.")
    has_dead_letters: ClassVar[bool] = False


class KeyValueSettings(BucketSettings):
    """A bucket of keys, each with its latest values."""

    history: Annotated[Count, Field(ge=1, le=_MOST_HISTORY)] = Field(default=1, description="How many values of a key are kept.")
    max_value_size: Annotated[Decimal, quantity(least="1", most="1Mi", step="1", example="64Ki")] | None = Field(
        default=None, description="Of one value; the server takes none above 1Mi."
    )

    def contradictions(self) -> Iterator[Contradiction]:
        """A value that the bucket could not hold."""
        if self.max_value_size is not None and self.max_value_size > self.max_bytes:
            yield ("maxValueSize",), f"{format_quantity(self.max_value_size)} is more than the bucket holds (maxBytes)"


class ObjectBucketSettings(BucketSettings):
    """A bucket of objects of any size, kept in chunks."""
