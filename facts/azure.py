"""What Azure offers: its regions, and how it names things."""

from __future__ import annotations

import enum
import hashlib
import re
from typing import Final

_UNIQUE_LETTERS: Final = 6


class BuiltInRole(enum.StrEnum):
    """Roles that every tenant has, by the name of their definition (Azure RBAC, Azure built-in roles)."""

    KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
    STORAGE_BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"


def worldwide_name(name: str, *, subscription: str, longest: int, separator: str = "") -> str:
    """A name that no other customer of Azure has taken: of a storage account, a vault or a database server.

    Six characters that follow from the subscription and the whole ``name`` end it, so that it stays the
    same from run to run; ``name`` itself is cut to fit ``longest``. Without a ``separator`` it has letters
    and digits alone, as storage accounts ask for.
    """
    unique = hashlib.sha256(f"{subscription}/{name}".encode()).hexdigest()[:_UNIQUE_LETTERS]
    readable = name if separator else re.sub(r"[^a-z0-9]", "", name)
    readable = readable[: longest - _UNIQUE_LETTERS - len(separator)].rstrip("-")
    return f"{readable}{separator}{unique}"
