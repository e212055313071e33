"""Quantities as Kubernetes writes them: ``500Gi``, ``250m``, ``1.5``, ``1e3``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_SUFFIXES: Final = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    "k": Decimal(10) ** 3,
    "M": Decimal(10) ** 6,
    "G": Decimal(10) ** 9,
    "T": Decimal(10) ** 12,
    "P": Decimal(10) ** 15,
    "E": Decimal(10) ** 18,
    "Ki": Decimal(2) ** 10,
    "Mi": Decimal(2) ** 20,
    "Gi": Decimal(2) ** 30,
    "Ti": Decimal(2) ** 40,
    "Pi": Decimal(2) ** 50,
    "Ei": Decimal(2) ** 60,
}
# \d would match the digits of every script; Kubernetes' parser knows ASCII only.
_QUANTITY: Final = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,3}))?")


def parse_quantity(text: str | float) -> Decimal:
    """The amount in base units (bytes, cores, pieces): ``"1Gi"`` is 1073741824, ``"250m"`` is 0.25; a number is itself.

    The grammar is that of Kubernetes' ``resource.Quantity``: signs are part of it, spaces are not.

    Raises:
        ValueError: the text is not a quantity.
    """
    match = None if isinstance(text, bool) else _QUANTITY.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text!r} is not a Kubernetes quantity; write a number with a suffix such as 250m, 512Mi or 500Gi")
    number, suffix, exponent = match.groups()
    if exponent is not None:
        return Decimal(f"{number}e{exponent}")
    return Decimal(number) * _SUFFIXES[suffix or ""]


def format_quantity(amount: Decimal | int) -> str:
    """The shortest text whose :func:`parse_quantity` is ``amount``: whole numbers with a suffix, ``536870912000`` is ``"500Gi"``.

    Raises:
        ValueError: the amount has parts below a billionth, which Kubernetes cannot express.
    """
    candidates = []
    for suffix, factor in _SUFFIXES.items():
        count = Decimal(amount) / factor
        if count == count.to_integral_value() and count * factor == amount:
            candidates.append(f"{int(count)}{suffix}")
    if not candidates:
        raise ValueError(f"{amount} is finer than a billionth, the least that a Kubernetes quantity can express")
    return "0" if amount == 0 else min(candidates, key=len)
