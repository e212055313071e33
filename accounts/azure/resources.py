"""A resource of Azure as something to compare and create: its body in the words of its REST API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.azure.session import AzureSubscription, Body
from accounts.steps import Thing, Trait


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource by its id. ``body`` is all that is wanted of it, as a deployment would state it.

    Azure takes a property that the body leaves out for its default; tags that others have set stay. What
    is ``fixed`` cannot be changed once it is there.
    """

    kind: str
    id: str
    api_version: str
    body: Callable[[], Body]
    fixed: bool = False

    def as_thing(self, subscription: AzureSubscription) -> Thing:
        """The resource in a subscription."""

        def live() -> Body | None:
            return subscription.read(self.id, self.api_version)

        def write() -> None:
            body, there = dict(self.body()), live()
            if "tags" in body:
                body["tags"] = {**((there or {}).get("tags") or {}), **body["tags"]}
            subscription.write(self.id, self.api_version, body)

        def read_wanted() -> Mapping[str, object]:
            there = live() or {}
            return {".".join(path): _comparable(path, _look_up(there, path)) for path, _ in _leaves(self.body())}

        return Thing(
            kind=self.kind,
            name=self.id.rpartition("/")[2],
            exists=lambda: live() is not None,
            create=write,
            traits=[]
            if self.fixed
            else [
                Trait(
                    name="settings",
                    read=read_wanted,
                    wanted=lambda: {".".join(path): _comparable(path, value) for path, value in _leaves(self.body())},
                    write=write,
                )
            ],
        )


def _leaves(content: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    """Every value with its path; a list of plain values is one."""
    if isinstance(content, Mapping) and content:
        for key, below in content.items():
            yield from _leaves(below, (*path, key))
    elif isinstance(content, Sequence) and content and isinstance(content[0], Mapping):
        for place, below in enumerate(content):
            yield from _leaves(below, (*path, str(place)))
    else:
        yield path, content


def _look_up(content: Any, path: Sequence[str]) -> object:
    for key in path:
        if isinstance(content, Mapping):
            content = content.get(key)
        elif isinstance(content, Sequence) and not isinstance(content, str) and key.isdigit() and int(key) < len(content):
            content = content[int(key)]
        else:
            return None
    return content


def _comparable(path: Sequence[str], value: object) -> object:
    """Azure answers with ids and locations in the case that it likes, and with lists in any order."""
    if isinstance(value, list):
        return sorted(map(str, value))
    if isinstance(value, str) and (value.startswith("/") or path[-1] == "location"):
        return value.lower().replace(" ", "")
    return value
