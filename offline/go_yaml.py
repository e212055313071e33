"""YAML as the CLI reads it: its parser knows other scalars than Python's (``yes`` is a text, ``0o17`` a number, 12:30 a text)."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

from offline.errors import StackFileError

_PLAIN: Final = "plain"
_TEXT: Final = "tag:yaml.org,2002:str"
_MERGE: Final = "<<"
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO]?(?P<oct>[0-7]+)|(?P<dec>0|[1-9][0-9]*))"
)
_BASES: Final = {"hex": 16, "bin": 2, "oct": 8, "dec": 10}
_INTEGERS: Final = range(-(2**63), 2**64)
"""What the CLI keeps as a whole number; beyond, it is a float."""
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_TIMESTAMP: Final = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:[Tt](?P<time>\d{1,2}:\d{1,2}:\d{1,2})(?P<part>\.\d{1,9})?(?P<zone>Z|[-+]\d\d:\d\d)"
    r"| (?P<plain_time>\d{1,2}:\d{1,2}:\d{1,2})(?P<plain_part>\.\d{1,9})?)?"
)


def load_mapping(path: Path) -> dict[str, Any]:
    """The mapping in a file, empty for an empty file; timestamps are texts as the CLI writes them.

    Raises:
        StackFileError: there is no such file, or what it holds is no mapping of names to values; says where.
    """
    try:
        node = _Loader(path.read_text(encoding="utf-8-sig")).get_single_node()
        content = None if node is None else _value(node)
    except FileNotFoundError:
        raise StackFileError(f"{path}: there is no such file") from None
    except OSError as error:
        raise StackFileError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise StackFileError(f"{path}: is no text in UTF-8: byte {error.start} cannot be read") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise StackFileError(f"{path}{place}: no valid YAML: {error.problem or error.context}") from None
    except yaml.reader.ReaderError as error:
        raise StackFileError(f"{path}: no valid YAML: character {error.position} is not allowed in it") from None
    except RecursionError:
        raise StackFileError(f"{path}: no valid YAML: nested too deeply, or a part of itself") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise StackFileError(f"{path}: holds {kind(content)}; allowed is a mapping such as 'config: …'")
    return content


def kind(value: Any) -> str:
    """What ``value`` is, in words for a message."""
    names = {dict: "a mapping", list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number", type(None): "nothing"}
    return names[type(value)]


class _Loader(yaml.SafeLoader):
    """Leaves the meaning of plain scalars open."""

    def resolve(self, node_kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        if node_kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else _TEXT
        return str(super().resolve(node_kind, value, implicit))  # type: ignore[no-untyped-call] # PyYAML has no type for it


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return _mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(below) for below in node.value]
    if node.tag == _PLAIN:
        return _scalar(node)
    if node.tag != _TEXT:
        raise _mistake(node, f"the tag {node.tag!r} is not allowed here; write the value without it")
    return node.value


def _mapping(node: yaml.MappingNode) -> dict[str, Any]:
    own: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if key_node.tag == _PLAIN and key_node.value == _MERGE:
            for each in _merged(value_node):
                merged = {**each, **merged}
            continue
        key = _value(key_node)
        if isinstance(key, (dict, list)) or key is None:
            raise _mistake(key_node, f"a key is {kind(key)}; allowed is a text")
        name = key if isinstance(key, str) else scalar_text(key)
        if name in own:
            raise _mistake(key_node, f"the key {name!r} stands here twice")
        own[name] = _value(value_node)
    return {**merged, **own}


def _merged(node: yaml.Node) -> Iterable[dict[str, Any]]:
    value = _value(node)
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            raise _mistake(node, f"{_MERGE} merges {kind(each)}; allowed are mappings")
        yield each


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    if text in _WORDS:
        return _WORDS[text]
    if _NOT_FINITE.fullmatch(text):
        raise _mistake(node, f"{text} is no number that a configuration can hold; write a text in quotes")
    if not text[0].isascii() or text[0] not in "+-.0123456789":
        return text
    timestamp = _TIMESTAMP.fullmatch(text)
    if timestamp:
        return _timestamp(timestamp) or text
    return _number(text if text[0] == "." else text.replace("_", ""), text)


def _number(digits: str, text: str) -> int | float | str:
    """The number that ``digits`` are, or else ``text``."""
    whole = _INTEGER.fullmatch(digits)
    if whole:
        name, found = next((name, whole[name]) for name in _BASES if whole[name] is not None)
        number = int(f"{whole['sign']}{found}", _BASES[name])
        if number in _INTEGERS:
            return number
    if not _FLOAT.fullmatch(digits) or math.isinf(float(digits)):
        return text
    return float(digits)


def _timestamp(found: re.Match[str]) -> str | None:
    """A time as Go prints one, since that is what ends up in the configuration; None for an impossible one."""
    try:
        year, month, day = map(int, found["date"].split("-"))
        hour, minute, second = map(int, (found["time"] or found["plain_time"] or "0:0:0").split(":"))
        moment = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 # only printed: the zone is a text
    except ValueError:
        return None
    part = (found["part"] or found["plain_part"] or "").rstrip("0").rstrip(".")
    zone = (found["zone"] or "Z").replace(":", "")
    return f"{moment:%Y-%m-%d %H:%M:%S}{part} " + ("+0000 UTC" if zone in {"Z", "+0000", "-0000"} else f"{zone} {zone}")


def scalar_text(value: bool | float | None) -> str:  # noqa: FBT001 # any scalar of a file
    """A scalar as the CLI writes it: ``true``, ``3`` also for 3.0, ``1e+21``; nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return go_number(value)


def go_number(value: float) -> str:
    """A number as Go's JSON has it: the fewest digits, an exponent only for the very large and very small."""
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    if value and not 1e-6 <= abs(value) < 1e21:  # noqa: PLR2004 # Go's bounds
        return re.sub(r"e([-+])0+", r"e\1", text.replace(".0e", "e"))
    plain = f"{Decimal(text):f}"
    whole = plain.removesuffix(".0")
    return "0" if whole == "-0" else whole


def _mistake(node: yaml.Node, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
