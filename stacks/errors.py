"""Mistakes that the user of a stack can mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class PlinthError(Exception):
    """Something is wrong with a stack; the message says what, where and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What is wrong with one setting, which stands at ``place`` below the namespace: ``("database", "backupRetention")``."""

    place: Sequence[str | int]
    message: str
    namespace: str = "plinth"

    @property
    def path(self) -> str:
        """The place as the user writes it: ``plinth:database.backupRetention``."""
        parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place]
        return f"{self.namespace}:{''.join(parts).removeprefix('.')}"

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class SettingsError(PlinthError):
    """The settings of a stack are wrong: all problems at once, a line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problems" if len(self.problems) > 1 else "a problem"
        self.summary = f"the stack's settings have {count}"
        super().__init__("\n".join([self.summary, *(f"  {problem}" for problem in self.problems)]))
