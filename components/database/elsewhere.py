"""A PostgreSQL that somebody else runs, outside of the cluster, as it is set."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from components.models.scalars import Cidr, DatabaseName, Port, ResourceName
from components.models.section import Section
from components.models.written import Written

SECRETS: Final = "/var/run/secrets/database"
"""Where the pods of clients mount what they sign in with."""
_HOST: Final = Written(
    what="the DNS name of a server, as its certificate has it",
    pattern=r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$",
    example="postgres.example.com",
)


class PostgresSettings(Section):
    """A PostgreSQL outside of the cluster. Its users, backups and standbys are its own matter."""

    host: Annotated[str, _HOST] = Field(description="Its name, which clients verify.")
    port: Port = Field(default=5432, description="Its port.")
    name: DatabaseName = Field(description="The database.")
    cidrs: Annotated[tuple[Cidr, ...], Field(min_length=1)] = Field(description="Where it has addresses, for network policies.")
    secret: ResourceName = Field(
        description="The Secret in each client's namespace with ca.crt, and with tls.crt and tls.key or username and password; "
        "whoever runs the database makes it."
    )
