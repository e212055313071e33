"""What an account has otherwise than the program declares it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from accounts.aws.documents import comparable
from facts.display import show
from offline.recording import RecordedResource
from policies.values import UNKNOWN, Secret
from verification.live import LiveResource, Reading
from verification.matching import COMPARED, match

_GROWING: Final = frozenset({"allocatedStorage"})
"""What AWS raises by itself, within what the program allows."""
_WRITTEN_AS_JSON: Final = frozenset({"configurationValues"})
_NOT_SAID: Final[Mapping[str, Mapping[str, Any]]] = {"aws:kms/key:Key": {"isEnabled": True}}
"""What a program means without writing it."""
_POLICY: Final = ("policy",)
"""The path to a policy document, which is compared by its statements, each as a whole."""
_COMPARED_WHOLE: Final = ("labels",)
"""The last step to a mapping of which nothing may be missing, and to which nothing may be added."""
_KEPT_TOGETHER: Final = "name"
"""Elements of a list that have one are compared by it, whatever their order."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One difference: of a resource (its ARN where it is there, its URN where it is not), at a path of its inputs."""

    resource: str
    type: str
    problem: str
    cure: str
    path: str = ""
    declared: str = ""
    live: str = ""


def find_drift(declared: Sequence[RecordedResource], reading: Reading) -> Iterator[Drift]:
    """Inputs with other values, resources that are gone, and those that somebody added by hand."""
    matched = match(declared, reading.resources)
    for resource in declared:
        live = matched.get(resource.urn)
        if live is not None:
            yield from _compare_inputs(resource, live)
        elif resource.type in COMPARED and resource.type not in reading.unread_types:
            yield Drift(
                resource=resource.urn,
                type=resource.type,
                problem="it is declared, but not in the account",
                cure="Run `pulumi refresh`, then `pulumi up`, which creates it anew",
            )
    for live in reading.resources:
        if live.by_hand and live not in matched.values():
            yield Drift(
                resource=live.arn,
                type=live.type,
                problem=f"it was added by hand: {live.by_hand}",
                cure="Declare it in the program and import it, or delete it",
            )
    yield from _unencrypted(reading)


def _unencrypted(reading: Reading) -> Iterator[Drift]:
    """Volumes and snapshots of pods come from storage classes that encrypt: one that is open is somebody's own."""
    for live in reading.resources:
        if live.inputs.get("encrypted") is False:
            yield Drift(
                resource=live.arn,
                type=live.type,
                problem="it is not encrypted, although every storage class of the platform encrypts",
                cure="Copy its data to a volume of a storage class, and delete it",
                path="encrypted",
                declared="true",
                live="false",
            )


def _compare_inputs(resource: RecordedResource, live: LiveResource) -> Iterator[Drift]:
    ignored = resource.options.get("ignore_changes") or ()
    wanted = {**_NOT_SAID.get(resource.type, {}), **resource.inputs}
    for path, declared, there in _differences(wanted, live.inputs, ()):
        dotted = ".".join(path)
        if not _is_ignored(dotted, ignored) and not _may_differ(path, declared, there):
            yield Drift(
                resource=live.arn,
                type=live.type,
                problem="it was changed by hand",
                cure="Run `pulumi refresh` and `pulumi up`, which set it back, or declare the new value",
                path=dotted,
                declared=_shown(declared),
                live=_shown(there),
            )


def _differences(declared: Any, live: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Where a declared value is known, and the account has it otherwise; what the reading does not know is left out."""
    if declared is UNKNOWN or isinstance(declared, Secret):
        # Which value it is is known after the deployment only; that it has one is known before.
        if live is None:
            yield path, declared, live
        return
    parts = _parts(declared, live, path)
    if parts is not None:
        for key, (below, there) in parts.items():
            yield from _differences(below, there, (*path, key))
    elif _differs(declared, live, path):
        yield path, declared, live


def _parts(declared: Any, live: Any, path: tuple[str, ...]) -> Mapping[str, tuple[Any, Any]] | None:
    """What is compared one by one, by its name; None where both are compared as they are."""
    if path == _POLICY and isinstance(declared, str) and isinstance(live, str):
        return _by_key(comparable(declared), comparable(live))
    if _is_named(declared) and isinstance(live, Sequence):
        named, there = ({str(each.get(_KEPT_TOGETHER)): each for each in content} for content in (declared, live))
        return _by_key(named, there)
    if path[:1] == _POLICY or path[-1:] == _COMPARED_WHOLE or not (isinstance(declared, Mapping) and isinstance(live, Mapping)):
        return None
    return {key: (below, live[key]) for key, below in declared.items() if key in live}


def _by_key(declared: Mapping[str, Any], live: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
    return {key: (declared.get(key), live.get(key)) for key in sorted(declared.keys() | live.keys())}


def _differs(declared: Any, live: Any, path: tuple[str, ...]) -> bool:
    if _has_unknown(declared):
        return isinstance(live, list) and len(live) != len(declared)
    return bool(_plain(declared, path) != _plain(live, path))


def _is_named(content: Any) -> bool:
    return isinstance(content, list) and bool(content) and all(isinstance(each, Mapping) and _KEPT_TOGETHER in each for each in content)


def _has_unknown(content: Any) -> bool:
    return isinstance(content, list) and any(each is UNKNOWN or isinstance(each, Secret) for each in content)


def _plain(content: Any, path: Sequence[str]) -> Any:
    """A value as it compares: lists in no order, nothing and an empty list alike, JSON by what it says."""
    if path and path[-1] in _WRITTEN_AS_JSON and isinstance(content, str):
        return _read_json(content)
    if isinstance(content, list):
        return sorted(json.dumps(each, sort_keys=True, default=str) for each in content) or None
    if isinstance(content, Mapping):
        return dict(content) or None
    return content


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        # EKS takes YAML too, which the program does not write.
        return text


def _is_ignored(dotted: str, ignored: Collection[str]) -> bool:
    return any(dotted == each or dotted.startswith(f"{each}.") for each in ignored)


def _may_differ(path: Sequence[str], declared: Any, live: Any) -> bool:
    return path[-1] in _GROWING and isinstance(declared, int) and isinstance(live, int) and live >= declared


def _shown(value: Any) -> str:
    if value is UNKNOWN:
        return "what the deployment names"
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else show(value)
