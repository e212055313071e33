"""JSON, numbers and scalars as Go writes them: what the CLI stores and providers render is compared as text."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

# Go escapes what could end a script element, and two line separators of Unicode.
_ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def go_json(value: Any, *, indent: int | None = None) -> str:
    """``value`` as ``json.Marshal`` renders it, with ``indent`` as ``json.MarshalIndent`` does; keys stay in their order."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).translate(_ESCAPES)


def scalar_text(value: bool | float | None) -> str:  # noqa: FBT001 # any scalar of a file
    """A scalar as the CLI writes it: ``true``, ``3`` also for 3.0, ``1e+21``; nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return go_number(value)


def go_number(value: float) -> str:
    """A number as Go's JSON has it: the fewest digits, an exponent only for the very large and very small."""
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    if value and not 1e-6 <= abs(value) < 1e21:  # noqa: PLR2004 # Go's bounds
        return re.sub(r"e([-+])0+", r"e\1", text.replace(".0e", "e"))
    plain = f"{Decimal(text):f}"
    whole = plain.removesuffix(".0")
    return "0" if whole == "-0" else whole
