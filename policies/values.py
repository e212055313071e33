"""Inputs of a resource as rules read them: three-valued, with a path, never failing on a missing or unknown value.

Every way of reading notes an unknown value, so that the engine reports the rule as undecided there
while every other question still gets its answer; :meth:`Value.peek` is the one exception. Verbs
(``must_equal``, ``must_be_at_least``, …) demand something and yield a finding with path, value and
cure. Questions come in pairs: ``equals`` is certain, ``may_equal`` is also true of an unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from policies.findings import Finding, Level
from policies.numeric import number


class Unknown:
    """Type of :data:`UNKNOWN`, a value that the engine cannot know before the update."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = Unknown()
ABSENT: Final = object()


@dataclass(frozen=True)
class Secret:
    """A value that Pulumi marks secret; its content is never shown."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(slots=True)
class Trace:
    """The unknown paths that a rule has touched, in order, each once; ``urn`` is that of the resource."""

    unknown: dict[str, None] = field(default_factory=dict)
    urn: str = ""


_LONGEST_SHOWN: Final = 80
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_$][\w$-]*")


def _join(path: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    if not _PLAIN_KEY.fullmatch(key):
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _shown(content: Any) -> str:
    match content:
        case bool(flag):
            return str(flag).lower()
        case str(text):
            return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}…")
        case dict() | list():
            noun = "key" if isinstance(content, dict) else "element"
            return f"{len(content)} {noun}{'' if len(content) == 1 else 's'}"
        case float(number_) if number_.is_integer():
            return str(int(number_))
        case _:
            return "not set" if content is ABSENT else str(content)


def _written(content: Any) -> str:
    """A value as a cure tells to write it: ``"file"``, ``true``, ``3``."""
    return json.dumps(content, ensure_ascii=False)


class Value:
    """A place in the inputs of a resource: what stands there, and the dotted path that leads to it."""

    # Rules look at far more places than they speak of: a path is put together from its steps only when somebody reads it.
    __slots__ = ("_beneath", "_content", "_place", "_secret", "_switch", "_trace")

    def __init__(
        self,
        content: Any,
        place: str | tuple[Value, str | int],
        trace: Trace,
        *,
        secret: bool = False,
        beneath: bool = False,
        switch: Value | None = None,
    ) -> None:
        """``place`` is a path, or the value above and the key below it; ``beneath`` tells of a place below an unknown one.

        ``switch`` is an unknown value that decides whether what stands here counts at all.
        """
        if type(content) is Secret:
            content, secret = content.value, True
        self._content = ABSENT if content is None else content
        self._place, self._trace, self._secret, self._beneath, self._switch = place, trace, secret, beneath, switch

    @property
    def path(self) -> str:
        """The dotted path from the root of the inputs: ``spec.containers[0].env``."""
        if isinstance(self._place, tuple):
            above, key = self._place
            self._place = _join(above.path, key)
        return self._place

    # -- moving ---------------------------------------------------------------------------------------------------------------

    def __getitem__(self, key: str | int) -> Value:
        """The value below; absent where there is none, unknown where this one is."""
        content = self._content
        below: Any = ABSENT
        if isinstance(content, dict):
            below = content.get(key, ABSENT)
        elif isinstance(content, list):
            if isinstance(key, int) and -len(content) <= key < len(content):
                below = content[key]
        elif content is UNKNOWN:
            return Value(UNKNOWN, self._place, self._trace, secret=self._secret, beneath=True, switch=self._switch)
        if self._secret or self._switch is not None:
            return Value(below, (self, key), self._trace, secret=self._secret, switch=self._switch)
        return Value(below, (self, key), self._trace)

    def at(self, dotted: str) -> Value:
        """The value at ``a.b.c`` below this one; keys that hold a dot are reached with ``[]``."""
        value = self
        for key in dotted.split("."):
            value = value[key]
        return value

    def each(self) -> Iterator[Value]:
        """The elements of a list or the values of a mapping; none where it is absent, unknown (noted) or a scalar."""
        self._note()
        if isinstance(self._content, list):
            for index in range(len(self._content)):
                yield self[index]
        elif isinstance(self._content, dict):
            for key in self._content:
                yield self[key]

    def items(self) -> Iterator[tuple[str, Value]]:
        """The keys and values of a mapping; none where it is absent, unknown (noted) or no mapping."""
        self._note()
        if isinstance(self._content, dict):
            for key in self._content:
                yield key, self[key]

    def holding(self, content: Any) -> Value:
        """The same place with what stands there in the end, where others add to what is written."""
        return Value(content, self._place, self._trace, secret=self._secret, switch=self._switch)

    def children(self) -> Iterator[tuple[str | int, Value]]:
        """What lies directly below, each with its key or index, for searches through inputs of any shape.

        An unknown has none, and is not noted: a search asks for single values where it knows what they mean.
        """
        if isinstance(self._content, dict):
            yield from ((key, self[key]) for key in self._content)
        elif isinstance(self._content, list):
            yield from ((index, self[index]) for index in range(len(self._content)))

    # -- asking ---------------------------------------------------------------------------------------------------------------

    @property
    def is_unknown(self) -> bool:
        """Whether the value cannot be known yet. Asking counts: the rule becomes undecided here."""
        self._note()
        return self._content is UNKNOWN

    @property
    def is_absent(self) -> bool:
        """Whether nothing, or null, stands here. Unknown is not absent (and is noted)."""
        self._note()
        return self._content is ABSENT

    @property
    def is_given(self) -> bool:
        """Whether something known stands here (unknown is noted)."""
        self._note()
        return self._content is not ABSENT and self._content is not UNKNOWN

    @property
    def is_present(self) -> bool:
        """Whether something stands here, known or not: for what only needs to be there, such as another resource's id.

        Nothing, null and the empty text are not present. Below an unknown nobody can tell (noted).
        """
        if self._beneath:
            self._note()
            return False
        return self._content is not ABSENT and self._content != ""

    @property
    def is_secret(self) -> bool:
        """Whether Pulumi marks the value, or one that holds it, secret."""
        return self._secret

    def get(self, default: Any = None) -> Any:
        """The plain content, or ``default`` where it is absent or unknown (noted)."""
        self._note()
        return default if self._content is ABSENT or self._content is UNKNOWN else self._content

    def text(self, default: str = "") -> str:
        """The content where it is a text, else ``default`` (unknown is noted)."""
        self._note()
        return self._content if isinstance(self._content, str) else default

    def is_true(self, *, default: bool = False) -> bool:
        """Whether the value is known to be true; ``default`` where it is absent."""
        return self._read(default) is True

    def equals(self, expected: Any, *, default: Any = None) -> bool:
        """Whether the value is known and equals ``expected``, type and all: ``1`` is not ``True``."""
        return self._is_equal(self._read(default), expected)

    def may_equal(self, expected: Any, *, default: Any = None) -> bool:
        """Whether the value equals ``expected`` or is unknown (noted)."""
        content = self._read(default)
        return content is UNKNOWN or self._is_equal(content, expected)

    def satisfies(self, test: Callable[[Any], bool], *, default: Any = None) -> bool:
        """Whether the value is known and passes ``test``, which gets None where nothing stands here and there is no default.

        A test that raises TypeError, ValueError or ArithmeticError (a quantity that cannot be parsed) is not passed.
        """
        content = self._read(default)
        return content is not UNKNOWN and _passes(test, content)

    def may_satisfy(self, test: Callable[[Any], bool], *, default: Any = None) -> bool:
        """Whether the value passes ``test`` or is unknown (noted)."""
        content = self._read(default)
        return content is UNKNOWN or _passes(test, content)

    def may_contain(self, element: Any) -> bool:
        """Whether the value is a list that contains ``element``, or one whose unknown elements (noted) may."""
        self._note()
        if self._content is UNKNOWN:
            return True
        if not isinstance(self._content, list):
            return False
        plain = [item.value if isinstance(item, Secret) else item for item in self._content]
        if element in plain:
            return True
        unknown = [index for index, item in enumerate(plain) if item is UNKNOWN]
        for index in unknown:
            self._trace.unknown.setdefault(_join(self.path, index))
        return bool(unknown)

    def peek(self, reason: str) -> Any:  # noqa: ARG002 # it is there to be read where peek is called
        """The plain content, None where it is absent and :data:`UNKNOWN` where it is unknown, which is NOT noted.

        ``reason`` says why the rule is decided all the same: because the answer is found elsewhere,
        or because no value that may come could make the rule speak.
        """
        return None if self._content is ABSENT else self._content

    # -- demanding ------------------------------------------------------------------------------------------------------------

    def provided(self, switch: Value) -> Value:
        """The same place, which counts only where ``switch`` is on: while that is unknown, it is noted in place of a finding."""
        if switch.peek("what stands below tells whether it matters") is not UNKNOWN:
            return self
        return Value(self._content, self._place, self._trace, secret=self._secret, beneath=self._beneath, switch=switch)

    def refuse(self, problem: str, cure: str, *, level: Level | None = None, shown: str | None = None) -> Sequence[Finding]:
        """A finding about this place; ``cure`` is an imperative sentence, ``shown`` replaces the value in the message."""
        if self._switch is not None:
            self._switch.get()
            return ()
        value = self.shown if shown is None else shown
        return (Finding(problem=problem, cure=cure, path=self.path, value=value, level=level, urn=self._trace.urn),)

    def must_equal(
        self, expected: Any, problem: str, *, default: Any = None, cure: str = "", level: Level | None = None
    ) -> Sequence[Finding]:
        """Refuse a known value other than ``expected``; absent counts as ``default``, what the provider or chart then does."""
        if self.may_equal(expected, default=default):
            return ()
        return self._refused(problem, cure or f"Set {self.path} to {_written(expected)}", default, level)

    def must_be_true(self, problem: str, *, default: bool = False, cure: str = "", level: Level | None = None) -> Sequence[Finding]:
        """Refuse a known value other than true."""
        return self.must_equal(expected=True, problem=problem, default=default, cure=cure, level=level)

    def must_be_false(self, problem: str, *, default: bool = False, cure: str = "", level: Level | None = None) -> Sequence[Finding]:
        """Refuse a known value other than false."""
        return self.must_equal(expected=False, problem=problem, default=default, cure=cure, level=level)

    def must_be_one_of(
        self, allowed: Sequence[Any], problem: str, *, default: Any = None, cure: str = "", level: Level | None = None
    ) -> Sequence[Finding]:
        """Refuse a known value that is none of ``allowed``."""
        if self.may_satisfy(lambda content: any(self._is_equal(content, each) for each in allowed), default=default):
            return ()
        return self._refused(problem, cure or f"Set {self.path} to one of {', '.join(map(_written, allowed))}", default, level)

    def must_be_at_least(
        self,
        least: Any,
        problem: str,
        *,
        read: Callable[[Any], Any] = number,
        default: Any = None,
        cure: str = "",
        level: Level | None = None,
    ) -> Sequence[Finding]:
        """Refuse a known value below ``least``, and one that ``read`` (numbers; quantities, durations) cannot read."""
        if self.may_satisfy(lambda content: read(content) >= read(least), default=default):
            return ()
        return self._refused(problem, cure or f"Set {self.path} to {least} or more", default, level)

    def must_be_at_most(
        self,
        most: Any,
        problem: str,
        *,
        read: Callable[[Any], Any] = number,
        default: Any = None,
        cure: str = "",
        level: Level | None = None,
    ) -> Sequence[Finding]:
        """Refuse a known value above ``most``, and one that ``read`` cannot read."""
        if self.may_satisfy(lambda content: read(content) <= read(most), default=default):
            return ()
        return self._refused(problem, cure or f"Set {self.path} to {most} or less", default, level)

    def must_be_set(self, problem: str, *, cure: str = "", level: Level | None = None) -> Sequence[Finding]:
        """Refuse a place where nothing, null or the empty text stands; an unknown value is there all the same."""
        if self.is_present or self._beneath:
            return ()
        return self._refused(problem, cure or f"Set {self.path}", None, level)

    def must_contain(self, element: Any, problem: str, *, cure: str = "", level: Level | None = None) -> Sequence[Finding]:
        """Refuse what is known not to be a list that contains ``element``."""
        if self.may_contain(element):
            return ()
        return self._refused(problem, cure or f"Add {_written(element)} to {self.path}", None, level)

    def must_satisfy(
        self, test: Callable[[Any], bool], problem: str, cure: str, *, default: Any = None, level: Level | None = None
    ) -> Sequence[Finding]:
        """Refuse a known value that does not pass ``test`` (see :meth:`satisfies`)."""
        return () if self.may_satisfy(test, default=default) else self._refused(problem, cure, default, level)

    # -- showing --------------------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The value as a message may show it: short, and never a secret."""
        return "[secret]" if self._secret else _shown(self._content)

    def _refused(self, problem: str, cure: str, default: Any, level: Level | None) -> Sequence[Finding]:
        meaning = f"not set, which means {_written(default)}" if self._content is ABSENT and default is not None else None
        return self.refuse(problem, cure, level=level, shown=meaning)

    def _read(self, default: Any) -> Any:
        self._note()
        return default if self._content is ABSENT else self._content

    @staticmethod
    def _is_equal(content: Any, expected: Any) -> bool:
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            return isinstance(content, int | float) and not isinstance(content, bool) and content == expected
        return type(content) is type(expected) and bool(content == expected)

    def _note(self) -> None:
        if self._content is UNKNOWN:
            self._trace.unknown.setdefault(self.path)


def _passes(test: Callable[[Any], bool], content: Any) -> bool:
    try:
        return test(content)
    except (TypeError, ValueError, ArithmeticError):
        return False
