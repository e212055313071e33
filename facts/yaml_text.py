"""YAML that people write: read once, within bounds, with the line and column of every value.

Duplicate keys, doubtful scalars, tags and what is too deep or too large are refused; an alias counts as what it stands for, so a small
text cannot become a large value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from facts.yaml_scalars import AmbiguousScalarError, resolve_plain

MAX_CHARACTERS: Final = 1_048_576
"""The longest text that is read; Kubernetes keeps no object above this size in bytes."""
MAX_NODES: Final = 100_000
"""How many values a text may hold, those behind aliases counted each time."""
MAX_DEPTH: Final = 100
"""How deep values may lie in each other."""

_MERGE: Final = "<<"
_STANDARD_TAG: Final = "tag:yaml.org,2002:"
_TEXT_TAGS: Final = frozenset({"!", f"{_STANDARD_TAG}str"})


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in a text; both count from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong with a text, and where; the place is None where it is the whole text."""

    problem: str
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" if self.place else self.problem


def kind(content: object) -> str:
    """What a value of YAML or JSON is, in words for a message."""
    if content is None:
        return "nothing"
    if isinstance(content, bool):
        return "a boolean"
    words = {str: "a text", int: "a number", float: "a number", dict: "a mapping", list: "a list"}
    return words.get(type(content), "another kind of value")


class YamlTextError(ValueError):
    """A text is not YAML, or not such as this project reads; holds every mistake that was found."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("; ".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


@dataclass(slots=True)
class _Node:
    content: Any
    place: Place
    size: int = 1
    below: dict[str | int, tuple[Place, _Node]] = field(default_factory=dict)


@dataclass(frozen=True)
class Document:
    """What a text holds: ``content`` as plain data (None for an empty text), and where each part of it stands."""

    content: Any
    _root: _Node

    def place(self, path: Sequence[str | int]) -> Place:
        """Where the value at ``path`` stands: its key in a mapping, itself in a list; the nearest part above it where it is missing."""
        node, place = self._root, self._root.place
        for step in path:
            if step not in node.below:
                break
            place, node = node.below[step]
        return place


def read_yaml(text: str, resolve: Callable[[str], Any] = resolve_plain) -> Document:
    """Read a text of one YAML 1.2 document; ``resolve`` says what a plain scalar means.

    Equal parts (aliases) are the same object in the result: it is to be read, not changed. Merge keys (``<<``) are followed.

    Raises:
        YamlTextError: the text is not YAML, is too long, too deep or too large, or holds a duplicate key, a tag or an ambiguous scalar
            (``resolve`` raised :class:`AmbiguousScalarError`).
    """
    if len(text) > MAX_CHARACTERS:
        raise YamlTextError([Mistake(f"the text is longer than {MAX_CHARACTERS:,} characters")])
    reader = _Reader(text.removeprefix("\ufeff"), resolve)
    try:
        root = reader.read()
    except MarkedYAMLError as error:
        problem = " ".join(str(error.problem or error.context).split())
        raise YamlTextError([*reader.mistakes, Mistake(f"is not valid YAML: {problem}", _place(error.problem_mark))]) from None
    except (YAMLError, ValueError, OverflowError) as error:
        if isinstance(error, YamlTextError):
            raise
        raise YamlTextError([*reader.mistakes, Mistake("is not valid YAML: it holds a character that is not allowed")]) from None
    if reader.mistakes:
        raise YamlTextError(reader.mistakes)
    return Document(root.content, root)


class _Reader:
    """Builds values from the events of the parser: those come one by one, so that bounds are held before anything grows."""

    def __init__(self, text: str, resolve: Callable[[str], Any]) -> None:
        self.mistakes: list[Mistake] = []
        self._events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)
        self._resolve = resolve
        self._anchors: dict[str, _Node | None] = {}
        self._size = 0

    def read(self) -> _Node:
        root: _Node | None = None
        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            place = _place(event.start_mark)
            if event.version is not None or event.tags:
                raise YamlTextError([Mistake("a directive (%) is not allowed here; remove it", place)])
            if root is not None:
                raise YamlTextError([Mistake("a second document (---) is not allowed here; keep one", place)])
            root = self._node(next(self._events), depth=1)
        return root or _Node(None, Place(1, 1))

    def _node(self, event: Any, depth: int) -> _Node:
        """The value that begins with ``event``."""
        place = _place(event.start_mark)
        if depth > MAX_DEPTH:
            raise YamlTextError([Mistake(f"is nested more than {MAX_DEPTH} levels deep", place)])
        if isinstance(event, AliasEvent):
            return self._count(self._named(event.anchor, place), place)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if not isinstance(event, CollectionStartEvent):
            node = self._count(_Node(self._scalar(event, place), place), place)
        else:
            if event.tag is not None:
                self._refuse_tag(event.tag, place)
            self._count(_Node(None, place), place)
            node = self._mapping(place, depth) if isinstance(event, MappingStartEvent) else self._sequence(place, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _count(self, node: _Node, place: Place) -> _Node:
        self._size += node.size
        if self._size > MAX_NODES:
            raise YamlTextError([Mistake(f"holds more than {MAX_NODES:,} values, those behind aliases counted each time", place)])
        return node

    def _named(self, anchor: str, place: Place) -> _Node:
        if anchor not in self._anchors:
            raise YamlTextError([Mistake(f"the alias *{anchor} names nothing that stands before it", place)])
        node = self._anchors[anchor]
        if node is None:
            raise YamlTextError([Mistake(f"the alias *{anchor} stands inside of what it names", place)])
        return node

    def _sequence(self, place: Place, depth: int) -> _Node:
        node = _Node([], place)
        while not isinstance(event := next(self._events), SequenceEndEvent):
            below = self._node(event, depth + 1)
            node.below[len(node.content)] = (_place(event.start_mark), below)
            node.content.append(below.content)
            node.size += below.size
        return node

    def _mapping(self, place: Place, depth: int) -> _Node:
        node = _Node({}, place)
        merged: list[_Node] = []
        seen: set[str] = set()
        while not isinstance(event := next(self._events), MappingEndEvent):
            key_place = _place(event.start_mark)
            key = self._key(event, key_place, depth)
            is_merge = key == _MERGE and isinstance(event, ScalarEvent) and event.implicit[0]
            if key in seen:
                self.mistakes.append(Mistake(f"the key {key!r} stands here twice", key_place))
            seen.add(key)
            value_event = next(self._events)
            below = self._node(value_event, depth + 1)
            node.size += below.size
            if is_merge:
                merged = self._merged(below, _place(value_event.start_mark))
            else:
                node.content[key] = below.content
                node.below[key] = (key_place, below)
        for other in merged:
            for name, content in other.content.items():
                if name not in node.content:
                    node.content[name] = content
                    node.below[name] = other.below[name]
        return node

    def _merged(self, node: _Node, place: Place) -> list[_Node]:
        nodes = [below for _, below in node.below.values()] if isinstance(node.content, list) else [node]
        if not all(isinstance(each.content, dict) for each in nodes):
            self.mistakes.append(Mistake(f"{_MERGE} merges mappings; allowed is one of them or a list of them", place))
            return []
        return nodes

    def _key(self, event: NodeEvent, place: Place, depth: int) -> str:
        content = self._node(event, depth + 1).content
        if isinstance(content, dict | list):
            raise YamlTextError([Mistake("a key is not a text; allowed are texts such as 'replicas'", place)])
        if isinstance(content, str):
            return content
        text: str = event.value if isinstance(event, ScalarEvent) else str(content)
        is_name = isinstance(content, int) and not isinstance(content, bool) and str(content) == text
        if content is None or (isinstance(content, bool | float | int) and not is_name):
            self.mistakes.append(Mistake(f"the key {text or 'null'} is not a text; put it in quotes", place))
        return text

    def _scalar(self, event: ScalarEvent, place: Place) -> Any:
        if event.tag is not None and str(event.tag) not in _TEXT_TAGS:
            self._refuse_tag(event.tag, place)
        if event.tag is not None or not event.implicit[0]:
            if any("\ud800" <= character <= "\udfff" for character in event.value):
                self.mistakes.append(Mistake("the text holds half of a character (\\ud800 to \\udfff)", place))
            return event.value
        try:
            return self._resolve(event.value)
        except AmbiguousScalarError as error:
            self.mistakes.append(Mistake(str(error), place))
            return event.value

    def _refuse_tag(self, tag: Any, place: Place) -> None:
        self.mistakes.append(
            Mistake(f"the tag {str(tag).replace(_STANDARD_TAG, '!!')} is not allowed here; write the value without it", place)
        )


def _place(mark: Any) -> Place:
    return Place(1, 1) if mark is None else Place(mark.line + 1, mark.column + 1)
