"""A bucket that speaks S3, wherever it is: what whoever writes into it has to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from components.tenancy.traffic import TrafficRule


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A bucket and the way to it; the secrets are in the namespace of whoever uses it.

    Attributes:
        name: of the bucket, which exists.
        endpoint: the https address of its service.
        region: that requests are signed for; None where the service does not look at it.
        secret: the Secret with the credentials.
        access_key: the key within it that holds the access key's id.
        secret_key: the key within it that holds the secret access key.
        authority_secret: the Secret whose ``ca.crt`` signed the service's certificate; None where a
            public authority did.
        traffic: what its users have to call.
    """

    name: str
    endpoint: str
    region: str | None
    secret: str
    access_key: str
    secret_key: str
    authority_secret: str | None
    traffic: Sequence[TrafficRule]
