"""JSON as Go writes it: what the CLI stores and providers render is compared as text."""

from __future__ import annotations

import json
from typing import Any, Final

# Go escapes what could end a script element, and two line separators of Unicode.
_ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def go_json(value: Any, *, indent: int | None = None) -> str:
    """``value`` as ``json.Marshal`` renders it, with ``indent`` as ``json.MarshalIndent`` does; keys stay in their order."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).translate(_ESCAPES)
