"""What a created database answers with, be it an instance or a cluster."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class Server:
    """A created database.

    Attributes:
        resource: what alarms about it go behind.
        identifier: its physical name.
        arn: its ARN.
        address: host name for reading and writing.
        reader_address: host name for reading alone; None where nothing but the writer answers.
        resource_id: for ``rds-db:connect`` in IAM policies.
        secret_arn: the administrator's credentials in Secrets Manager.
    """

    resource: pulumi.CustomResource
    identifier: pulumi.Output[str]
    arn: pulumi.Output[str]
    address: pulumi.Output[str]
    reader_address: pulumi.Output[str] | None
    resource_id: pulumi.Output[str]
    secret_arn: pulumi.Output[str | None]
