"""Who signs in to the platform's database, whichever cloud runs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DatabaseClient:
    """The pods of one service account, which sign in as one database user, without a password."""

    namespace: str
    service_account: str
    user: str
