"""Names that PostgreSQL and those who run it keep for themselves."""

from __future__ import annotations

from typing import Final

ADMINISTRATOR: Final = "platform_admin"
"""The administrator's user: RDS refuses ``admin`` and ``postgres`` is what attackers try first."""
_PREFIXES: Final = ("azure", "cnpg_", "pg_", "rds")
_OWN: Final = frozenset({"admin", "db", "postgres", "public", "streaming_replica", "template0", "template1", ADMINISTRATOR})
# PostgreSQL 17, appendix C: what is reserved, also where it may be the name of a function or type.
_KEY_WORDS: Final = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check
    collate collation column concurrently constraint create cross current_catalog current_date
    current_role current_schema current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign freeze from full grant group having ilike in
    initially inner intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural none not notnull null offset on only or order outer overlaps placing
    primary references returning right select session_user similar some symmetric system_user table
    tablesample then to trailing true union unique user using variadic verbose when where window with
    """.split()  # noqa: SIM905 # a hundred lines of quotes say less
)


def is_reserved(name: str) -> bool:
    """Whether a database or a user of this name is refused by who runs it or has to be quoted everywhere."""
    return name in _OWN or name in _KEY_WORDS or name.startswith(_PREFIXES)
