"""Files of settings, read with the place of every value."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from facts.yaml_text import Document, YamlTextError, kind, read_yaml
from offline.errors import StackFileError


def load_mapping(path: Path) -> Document:
    """The document in a file, whose content is a mapping: an empty one for an empty file.

    Raises:
        StackFileError: there is no such file, or what it holds is not a mapping of names to values; says where, all at once.
    """
    try:
        document = read_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StackFileError(f"{path}: there is no such file") from None
    except OSError as error:
        raise StackFileError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise StackFileError(f"{path}: is not a text in UTF-8: byte {error.start} cannot be read") from None
    except YamlTextError as error:
        raise StackFileError("\n".join(f"{path}:{'' if mistake.place else ' '}{mistake}" for mistake in error.mistakes)) from None
    if document.content is None:
        return replace(document, content={})
    if not isinstance(document.content, dict):
        raise StackFileError(f"{path}: holds {kind(document.content)}; allowed is a mapping such as 'config: …'")
    return document
