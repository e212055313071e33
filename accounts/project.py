"""The name that everything of an account begins with."""

from __future__ import annotations

import re
from typing import Final

from accounts.errors import AccountError

# A bucket's name holds the account and region too; a storage account's is shortened.
_PROJECT: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,23}[a-z0-9])?")


def check_project(project: str) -> None:
    """Refuse what no bucket, vault or role could be called after.

    Raises:
        AccountError: says what is allowed.
    """
    if not _PROJECT.fullmatch(project):
        allowed = "up to 25 lower-case letters, digits and hyphens, which begin and end with a letter or digit"
        raise AccountError(f"--project is {project!r}; allowed are {allowed}")
