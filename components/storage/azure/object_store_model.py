"""What can be set of an object store on Azure."""

from __future__ import annotations

from pydantic import Field

from components.models.scalars import Flag
from components.storage.object_store_model import StoreSettings


class ObjectStoreSettings(StoreSettings):
    """A store on Azure. To begin or to end ``immutable_for``, Azure replaces the whole account."""

    geo_redundant: Flag = Field(
        default=False, description="Whether there is a copy in the paired region too, minutes behind. The region must have a pair."
    )
