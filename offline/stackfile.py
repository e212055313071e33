"""Reads Pulumi.yaml and a stack's file to the configuration that the CLI would hand to the program."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facts.yaml_text import Document, Place, kind
from offline.errors import StackFileError
from offline.go_json import go_json, go_number, scalar_text
from offline.project_config import is_secure, with_project_config
from offline.stack_names import STACK_NAME, find_stack_file
from offline.yaml_file import load_mapping

_PROJECT: Final = STACK_NAME
_FULL_KEY: Final = re.compile(r"(?P<namespace>[^:]+):(?:config:)?(?P<name>[^:]+)")
_STACK_KEYS: Final = frozenset({"config", "encryptionsalt", "encryptedkey", "secretsprovider"})
_INT64: Final = 2**63  # a whole number beyond is a float to the CLI where it is nested
SECRET_PLACEHOLDER: Final = "[secret]"  # noqa: S105 # stands for a value that only the CLI can decrypt


@dataclass(frozen=True, kw_only=True)
class StackConfig:
    """The configuration of a stack by full key: texts as they are, everything else as the CLI's JSON.

    The values of ``secret_keys`` are, or hold, a placeholder, since only the CLI can decrypt them.
    """

    project: str
    stack: str
    values: Mapping[str, str]
    secret_keys: frozenset[str]
    file: Path
    document: Document

    def place(self, key: str, path: Sequence[str | int]) -> Place:
        """Where in the stack's file the value at ``path`` of the full ``key`` stands, or is missing."""
        written = next((each for each in self.document.content.get("config") or () if _full_key(each, self.project) == key), key)
        return self.document.place(("config", written, *path))


def read_stack(project_dir: Path, stack: str) -> StackConfig:
    """The configuration of ``stack`` as the CLI reads it: the project's defaults below the stack's own values.

    Raises:
        StackFileError: no such project or stack, or a file that cannot be read; says which, where and what is allowed.
    """
    project_file, content, project, folder = _read_project(project_dir)
    stack_file = find_stack_file(project_dir, folder, stack)
    document = load_mapping(stack_file)
    values = with_project_config(
        _stack_section(document.content, stack_file, project),
        _section(content, project_file, project),
        project=project,
        project_file=project_file,
        stack_file=stack_file,
    )
    return StackConfig(
        project=project,
        stack=stack,
        values={key: _as_text(value) for key, value in values.items()},
        secret_keys=frozenset(key for key, value in values.items() if _holds_secret(value)),
        file=stack_file,
        document=document,
    )


def place_stack_file(project_dir: Path, stack: str) -> Path:
    """Where the file of a new ``stack`` belongs.

    Raises:
        StackFileError: no stack can have this name, one has it already, or there is no project.
    """
    if not STACK_NAME.fullmatch(stack):
        raise StackFileError(f"{stack!r} cannot be the name of a stack; allowed are up to 100 letters, digits, '-', '_' and '.'")
    home = project_dir / _read_project(project_dir)[-1]
    path = home / f"Pulumi.{stack}.yaml"
    if path.exists() or path.is_symlink():
        raise StackFileError(f"{path} is there already and stays as it is; choose another name, or edit the file")
    if not home.is_dir():
        raise StackFileError(f"{home} is not a folder; stackConfigDir in {project_dir / 'Pulumi.yaml'} names it")
    return path


def _read_project(project_dir: Path) -> tuple[Path, Mapping[str, Any], str, str]:
    """The project's file, its content, and the project's name and folder of stack files in it."""
    project_file = project_dir / "Pulumi.yaml"
    content = load_mapping(project_file).content
    project, folder = content.get("name"), content.get("stackConfigDir") or "."
    if not isinstance(project, str) or not _PROJECT.fullmatch(project):
        given = "missing" if project is None else repr(project)
        raise StackFileError(f"{project_file}: 'name' is {given}; allowed are letters, digits, '-', '_' and '.'")
    if not isinstance(folder, str):
        raise StackFileError(f"{project_file}: 'stackConfigDir' is {kind(folder)}; allowed is the path of a folder")
    return project_file, content, project, folder


def _stack_section(content: Mapping[str, Any], path: Path, project: str) -> dict[str, Any]:
    if content.get("environment"):
        raise StackFileError(
            f"{path}: 'environment' names environments of Pulumi ESC, which cannot be read offline; write their values here"
        )
    unknown = sorted(content.keys() - _STACK_KEYS - {"environment"})
    if unknown:
        raise StackFileError(f"{path}: unknown key {', '.join(map(repr, unknown))}; allowed are {', '.join(sorted(_STACK_KEYS))}")
    return _section(content, path, project)


def _section(content: Mapping[str, Any], path: Path, project: str) -> dict[str, Any]:
    """The mapping under ``config``, by full keys: one without a namespace belongs to the project."""
    config = content.get("config")
    if config is None:
        return {}
    if not isinstance(config, dict):
        raise StackFileError(f"{path}: 'config' is {kind(config)}; allowed is a mapping of keys such as {project}:environment")
    section: dict[str, Any] = {}
    for key, value in config.items():
        full = _full_key(key, project)
        if full is None:
            raise StackFileError(f"{path}: {key!r} is not a configuration key; allowed is <namespace>:<name>")
        if full in section:
            raise StackFileError(f"{path}: the key {full!r} stands here twice, with and without its namespace")
        section[full] = value
    return section


def _full_key(key: str, project: str) -> str | None:
    found = _FULL_KEY.fullmatch(key if ":" in key else f"{project}:{key}")
    return f"{found['namespace']}:{found['name']}" if found else None


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return is_secure(value) or any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))


def _as_text(value: Any) -> str:
    if is_secure(value):
        return SECRET_PLACEHOLDER
    if isinstance(value, (dict, list)):
        return _as_json(value)
    return value if isinstance(value, str) else scalar_text(value)


def _as_json(value: Any) -> str:
    """Compact JSON with sorted keys."""
    if is_secure(value):
        return go_json(SECRET_PLACEHOLDER)
    if isinstance(value, dict):
        return "{" + ",".join(f"{go_json(key)}:{_as_json(below)}" for key, below in sorted(value.items())) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_as_json, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return go_number(value if abs(value) < _INT64 else float(value))
    return go_json(value)
