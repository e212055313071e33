"""The program as something to call: a function, or a ``__main__.py`` run as the language host runs it."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from offline.errors import ProgramError

Program = Callable[[], Any] | Path


@contextmanager
def entry_point(program: Program) -> Iterator[Callable[[], Any]]:
    """The program as a function.

    A file runs under the name ``__main__`` with its folder as working directory and first on the import path. Both are as before
    afterwards, and modules that were imported from a folder that was not on the path before are forgotten: another project may have
    modules of the same names.

    Raises:
        ProgramError: there is no such file.
    """
    if not isinstance(program, Path):
        yield program
        return
    file = program.resolve()
    if not file.is_file():
        raise ProgramError(f"{file}: there is no such program")
    folder = file.parent
    working_directory, path, modules = Path.cwd(), list(sys.path), set(sys.modules)
    foreign = folder not in {Path(entry or working_directory).resolve() for entry in path}
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield lambda: _execute(file)
    finally:
        os.chdir(working_directory)
        sys.path[:] = path
        if foreign:
            for name in sys.modules.keys() - modules:
                if _is_below(sys.modules[name], folder):
                    del sys.modules[name]


def _execute(file: Path) -> None:
    # Its namespace is not a result: the SDK would await or export one.
    try:
        runpy.run_path(str(file), run_name="__main__")
    except SystemExit as leaving:
        # To leave early is to end well, as for the language host.
        if leaving.code not in {None, 0}:
            raise ProgramError(f"the program left with the exit code {leaving.code}") from None


def _is_below(module: Any, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and folder in Path(file).resolve().parents
