"""Inputs of a resource as rules read them: three-valued, with a path, never failing on a missing or unknown value.

A rule asks ``resource["spec"]["replicas"].fails(lambda n: n >= 3)``. Where the value, or anything on the way to it, is unknown at
preview, the answer is no and the path is noted: the engine then reports the rule as undecided there, while every other question of
the rule still gets its answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final


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
    """The unknown paths that a rule has touched, in order, each once."""

    unknown: dict[str, None] = field(default_factory=dict)


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
            return f"{len(content)} {'keys' if isinstance(content, dict) else 'elements'}"
        case float(number) if number.is_integer():
            return str(int(number))
        case _:
            return "not set" if content is ABSENT else str(content)


class Value:
    """A place in the inputs of a resource: what stands there, and the dotted path that leads to it."""

    # Rules look at far more places than they speak of: a path is put together from its steps only when somebody reads it.
    __slots__ = ("_content", "_place", "_secret", "_trace")

    def __init__(self, content: Any, place: str | tuple[Value, str | int], trace: Trace, *, secret: bool = False) -> None:
        """``place`` is a path, or the value above and the key below it."""
        if isinstance(content, Secret):
            content, secret = content.value, True
        self._content = ABSENT if content is None else content
        self._place, self._trace, self._secret = place, trace, secret

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
        if content is UNKNOWN:
            return self
        below: Any = ABSENT
        if isinstance(key, str):
            if isinstance(content, dict):
                below = content.get(key, ABSENT)
        elif isinstance(content, list) and -len(content) <= key < len(content):
            below = content[key]
        return Value(below, (self, key), self._trace, secret=self._secret)

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

    def below(self) -> Iterator[tuple[str | int, Value]]:
        """What lies directly below, each with its key or index, for searches through everything: an unknown is passed over, not noted."""
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
    def is_secret(self) -> bool:
        """Whether Pulumi marks the value, or one that holds it, secret."""
        return self._secret

    @property
    def raw(self) -> Any:
        """The plain content: None where absent, :data:`UNKNOWN` where unknown (noted)."""
        self._note()
        return None if self._content is ABSENT else self._content

    @property
    def known(self) -> Any:
        """The plain content; None where it is absent or unknown, which is not noted: for searches through everything."""
        return None if self._content is ABSENT or self._content is UNKNOWN else self._content

    @property
    def is_pending(self) -> bool:
        """Whether the value is unknown; asking does not count, unlike :attr:`is_unknown`: for rules that find the answer elsewhere."""
        return self._content is UNKNOWN

    def get(self, default: Any) -> Any:
        """The plain content, or ``default`` where it is absent or unknown (noted): for the defaults of charts and providers."""
        self._note()
        return default if self._content is ABSENT or self._content is UNKNOWN else self._content

    def has(self, key: str) -> bool:
        """Whether something stands at ``key``, known or not: for values that only need to be there, such as another resource's id."""
        self._note()
        return isinstance(self._content, dict) and self._content.get(key) not in (None, "")

    def fails(self, test: Callable[[Any], bool]) -> bool:
        """Whether the value is known and does not pass ``test``; absent is passed as None.

        A test that raises TypeError or ValueError (a quantity that cannot be parsed) is not passed. An unknown value does not fail: it is
        noted.
        """
        self._note()
        if self._content is UNKNOWN:
            return False
        try:
            return not test(None if self._content is ABSENT else self._content)
        except (TypeError, ValueError):
            return True

    def is_not(self, expected: Any) -> bool:
        """Whether the value is known and differs from ``expected``; absent differs from everything but None. ``1`` is not ``True``."""
        return self.fails(lambda content: type(content) is type(expected) and content == expected)

    def is_true(self) -> bool:
        """Whether the value is known to be true."""
        self._note()
        return self._content is True

    def lacks(self, element: Any) -> bool:
        """Whether the value is known and is no list that contains ``element``; a list with unknown elements is not decided."""
        self._note()
        if self._content is UNKNOWN:
            return False
        if not isinstance(self._content, list):
            return True
        plain = [item.value if isinstance(item, Secret) else item for item in self._content]
        if element in plain:
            return False
        unknown = [index for index, item in enumerate(plain) if item is UNKNOWN]
        for index in unknown:
            self._trace.unknown.setdefault(_join(self.path, index))
        return not unknown

    # -- showing --------------------------------------------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """The value as a message may show it: short, and never a secret."""
        return "[secret]" if self._secret else _shown(self._content)

    def _note(self) -> None:
        if self._content is UNKNOWN:
            self._trace.unknown.setdefault(self.path)
