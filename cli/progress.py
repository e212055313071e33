"""What the user sees while the preview works: a line that moves on a terminal, a line a step elsewhere, always on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.status import Status

from facts.display import make_presentable
from offline.recording import RecordedResource

_EVERY: Final = 50
"""Resources between two lines where nothing can move."""


class Progress:
    """Says what is being done, and how many resources there are so far."""

    def __init__(self, console: Console, status: Status | None) -> None:
        self._console, self._status = console, status
        self._resources = 0

    def say(self, step: str) -> None:
        """Begin a step."""
        self._show(f"{make_presentable(step)} …")

    def count(self, resource: RecordedResource) -> None:
        """Count a resource that was registered."""
        self._resources += 1
        if self._status is not None:
            self._status.update(f"{self._resources} resources, {make_presentable(resource.name)}")
        elif self._resources % _EVERY == 0:
            self._show(f"{self._resources} resources …")

    def _show(self, text: str) -> None:
        if self._status is not None:
            self._status.update(text)
        else:
            self._console.print(text, highlight=False)


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Progress]:
    """Show progress until the block ends; nothing where it is to be quiet."""
    console = Console(stderr=True, quiet=quiet)
    if quiet or not console.is_terminal:
        yield Progress(console, None)
        return
    with console.status("Starting …") as status:
        yield Progress(console, status)
