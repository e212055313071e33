"""An S3 bucket that somebody else runs, as it is set."""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import Field

from components.models.scalars import Cidr, HttpsUrl, ResourceName, SecretEntry
from components.models.section import Section
from components.models.written import Written

_HTTPS: Final = 443
_BUCKET: Final = Written(
    what="a bucket's name of 3 to 63 of a-z, 0-9, - and .",
    pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    example="platform-backups",
)
_REGION: Final = Written(
    what="the name of a region, of a-z, 0-9 and -", pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", example="eu-west-1"
)


class ObjectStoreSettings(Section):
    """A bucket that speaks S3, outside of the cluster, versioned and locked by whoever runs it (BAK-006)."""

    endpoint: HttpsUrl = Field(description="The address of its service.")
    bucket: Annotated[str, _BUCKET] = Field(description="The bucket, which exists.")
    region: Annotated[str, _REGION] | None = Field(
        default=None, description="The region that requests are signed for, as AWS asks for; null where the service does not look at it."
    )
    cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1)] = Field(
        description="Where the service has addresses, for network policies; 0.0.0.0/0 where nobody knows."
    )
    secret: ResourceName = Field(
        description="The Secret with its credentials, in the namespace of each of its users: docs/object-stores.md."
    )
    access_key: SecretEntry = Field(default="ACCESS_KEY_ID", description="The key within it of the access key's id.")
    secret_key: SecretEntry = Field(default="ACCESS_SECRET_KEY", description="The key within it of the secret access key.")
    authority_secret: ResourceName | None = Field(
        default=None, description="The Secret there whose ca.crt signed the service's certificate; null where a public authority did."
    )

    @property
    def port(self) -> int:
        """The port of its service."""
        return urlsplit(self.endpoint).port or _HTTPS
