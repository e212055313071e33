"""Which project the command works on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cli.failures import MisuseError

_HOME: Final = Path(__file__).resolve().parents[1]
"""The clone whose code this is."""


def find_project() -> Path:
    """The folder of the Pulumi.yaml in or above the working directory.

    Raises:
        MisuseError: there is none, or it belongs to another clone, with code of its own.
    """
    try:
        here = Path.cwd()
    except FileNotFoundError:
        raise MisuseError("the working directory is gone; change into the clone of the project") from None
    folder = next((folder for folder in (here, *here.parents) if (folder / "Pulumi.yaml").is_file()), None)
    if folder is None:
        raise MisuseError(f"there is no Pulumi.yaml in {here} or above; change into the clone of the project")
    if folder.resolve() != _HOME and (folder / "cli" / "__init__.py").is_file():
        raise MisuseError(
            f"this plinth is that of {_HOME}, and would judge {folder} with the code of another clone;"
            f" run {folder / '.venv' / 'bin' / 'plinth'}, which `make setup` installs there"
        )
    return folder
