"""From the name of a stack to its file, with a hint for whoever slipped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from facts.spelling import nearest
from offline.errors import StackFileError

STACK_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_FILE: Final = re.compile(r"(?:.*/)?Pulumi\.(?P<stack>[^/]+)\.ya?ml")


def find_stack_file(project_dir: Path, folder: str, stack: str) -> Path:
    """The file of ``stack`` in the ``folder`` that Pulumi.yaml names.

    Raises:
        StackFileError: there is none; names the known stacks, and what was probably meant.
    """
    home = project_dir / folder
    name = f"Pulumi.{stack}.yaml"
    known = sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in home.glob("Pulumi.*.yaml"))
    if STACK_NAME.fullmatch(stack) and stack in known:
        return home / name
    raise StackFileError(
        f"unknown stack {stack!r}{_hint(project_dir, home, stack, known)}:"
        f" there is no {name} in {home}; known stacks are {', '.join(known) or 'none'}"
    )


def _hint(project_dir: Path, home: Path, stack: str, known: Sequence[str]) -> str:
    as_file = _FILE.fullmatch(stack)
    meant = nearest(as_file["stack"] if as_file else stack, known)
    if meant:
        return f" (did you mean {meant!r}?)"
    if not STACK_NAME.fullmatch(stack):
        return ""
    if (home / f"Pulumi.{stack}.yml").is_file():
        return f" (rename {home / f'Pulumi.{stack}.yml'}: Pulumi reads .yaml alone)"
    at_root = project_dir / f"Pulumi.{stack}.yaml"
    return f" (move {at_root} into {home.name}/)" if at_root.is_file() else ""
