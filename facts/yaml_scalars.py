"""Plain scalars of YAML as every reader takes them; those on which readers disagree are refused, not guessed.

YAML 1.1 (PyYAML, Helm), YAML 1.2 and what the Pulumi CLI reads differ over ``yes``, ``0o17``, ``12:30`` and others. What is left after
refusing those is the same value everywhere.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18}|0x[0-9a-fA-F]{1,15})")
_FRACTION: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})?\.[0-9]{1,50}(?:[eE][-+][0-9]{1,2})?|[-+]?(?:0|[1-9][0-9]{0,18})\.")
# What each doubtful form is to some readers; the others take it for a text or another number.
_DOUBTFUL: Final = (
    (re.compile(r"(?i:y|yes|n|no|on|off)"), "a boolean"),
    (re.compile(r"[-+]?0o?[0-9_]+"), "an octal number"),
    (re.compile(r"[-+]?0[bB][01_]+"), "a binary number"),
    (re.compile(r"[-+]?0[xX][0-9a-fA-F_]+"), "a hexadecimal number"),
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "a number of seconds"),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "a number that no configuration can hold"),
    (re.compile(r"[-+]?(?=[0-9_.]*[0-9])[0-9][0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9_]+)?|[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?"), "a number"),
    (re.compile(r"\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?)?)?"), "a date"),
    (re.compile(r"="), "a sign with a meaning of its own"),
)


class AmbiguousScalarError(ValueError):
    """A plain scalar that readers of YAML take for different things; the message says so and how to write it."""


def resolve_plain(text: str) -> bool | int | float | str | None:
    """What a plain scalar (one without quotes) means to every reader.

    Raises:
        AmbiguousScalarError: readers disagree, or a 64-bit number cannot hold it.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text, 0)
    if _FRACTION.fullmatch(text):
        return float(text)
    reading = next((reading for form, reading in _DOUBTFUL if form.fullmatch(text)), None)
    if reading is None:
        return text
    raise AmbiguousScalarError(f"{_shortened(text)} is {reading} to some readers of YAML and not to others; {_cure(reading)}")


def _cure(reading: str) -> str:
    if reading == "a boolean":
        return "write true or false, or put the text in quotes"
    if reading.endswith("number"):
        return "write plain decimal digits, or put the text in quotes"
    return "put it in quotes"


def _shortened(text: str) -> str:
    longest = 40
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
