"""One published limit of one property."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_ANYTHING: Final = re.compile(r".*", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What one kind of property may hold; a value of another type than the limit is about is left to the provider.

    ``least`` and ``most`` bound the characters of a text, the entries of a list or mapping, or a number itself. ``form`` is what the
    whole text has to match. ``refuses`` says of what fits otherwise that it is refused all the same.
    """

    allowed: str
    source: str
    least: float = 0
    most: float = float("inf")
    form: re.Pattern[str] = _ANYTHING
    refuses: Callable[[Any], bool] = lambda _: False

    def admits(self, value: Any) -> bool:
        """Whether ``value`` may be given."""
        if isinstance(value, bool) or value is None:
            return True
        if isinstance(value, int | float):
            return self.least <= value <= self.most and not self.refuses(value)
        if not self.least <= len(value) <= self.most:
            return False
        return (not isinstance(value, str) or bool(self.form.fullmatch(value))) and not self.refuses(value)


@dataclass(frozen=True, kw_only=True)
class PhysicalName:
    """The property that holds the name which the cloud knows a resource by.

    Where it is not given the provider makes one: the resource's own name, a dash and characters of chance, ``added`` in all.
    """

    path: str
    added: int
