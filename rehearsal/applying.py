"""Puts objects into the simulated cluster, and says what it does not take."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from rehearsal.api import Answer, Api, Endpoint
from rehearsal.objects import DeclaredObject
from rehearsal.report import Refusal

_APPLY: Final = "application/apply-patch+yaml"
_MANAGER: Final = "plinth"
_PATIENCE: Final = 15.0
_PAUSE: Final = 0.5
_CONFLICT: Final = 409
_NOT_FOUND: Final = 404
_BUSY: Final = 429
_FAULTS: Final = 500
# A quota counts only once its controller has looked at it.
_NOT_COUNTED: Final = "status unknown for quota"
_QUOTA: Final = "ResourceQuota"
_DEFINITION: Final = "CustomResourceDefinition"


class Applied:
    """What came of applying: refusals, warnings, and kinds that nobody in the stack defines."""

    def __init__(self) -> None:
        self.refused: list[Refusal] = []
        self.warnings: list[Refusal] = []
        self.undefined: list[Refusal] = []


def apply_all(api: Api, objects: Sequence[DeclaredObject], applied: Applied) -> None:
    """Apply ``objects`` one after another, server-side, as Pulumi's provider does."""
    uncounted: dict[str, list[str]] = {}
    defined = {(each.manifest["spec"]["group"], each.manifest["spec"]["names"]["kind"]) for each in objects if _is_definition(each)}
    for each in objects:
        manifest = each.manifest
        group = manifest["apiVersion"].rpartition("/")[0]
        endpoint = _endpoint(api, manifest, patient=(group, manifest["kind"]) in defined)
        about = Refusal(kind=manifest["kind"], namespace=_namespace(manifest), name=manifest["metadata"]["name"], origin=each.origin)
        if endpoint is None:
            applied.undefined.append(about.because(f"nothing in the stack defines {manifest['kind']} of {manifest['apiVersion']}"))
            continue
        for quota in uncounted.pop(about.namespace, ()) if manifest["kind"] != _QUOTA else ():
            _wait_until_counted(api, quota)
        answer = _apply(api, endpoint, each)
        if manifest["kind"] == _QUOTA and answer.accepted:
            uncounted.setdefault(about.namespace, []).append(endpoint.path(about.namespace, about.name))
        applied.warnings += [about.because(warning) for warning in answer.warnings]
        if not answer.accepted:
            applied.refused.append(about.because(answer.message))


def _wait_until_counted(api: Api, quota: str) -> None:
    """Until its controller has looked at it, a quota may let everything pass; a program's namespaces are given that moment too."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        answer = api.call("GET", quota)
        if not answer.accepted or answer.body.get("status", {}).get("hard") == answer.body.get("spec", {}).get("hard"):
            return
        time.sleep(_PAUSE)


def _endpoint(api: Api, manifest: dict[str, Any], *, patient: bool) -> Endpoint | None:
    """Where the objects of its kind are; a definition takes a moment until it is served."""
    end = time.monotonic() + (_PATIENCE if patient else 0)
    while True:
        endpoint = api.endpoint(manifest["apiVersion"], manifest["kind"])
        if endpoint is not None or time.monotonic() >= end:
            return endpoint
        time.sleep(_PAUSE)


def _apply(api: Api, endpoint: Endpoint, declared: DeclaredObject) -> Answer:
    manifest = dict(declared.manifest)
    metadata = {key: value for key, value in manifest["metadata"].items() if key != "namespace" or endpoint.namespaced}
    if endpoint.namespaced:
        metadata.setdefault("namespace", "default")
    manifest["metadata"] = metadata
    path = endpoint.path(metadata.get("namespace"), metadata["name"])
    validation = "Strict" if declared.strict else "Warn"
    end = time.monotonic() + _PATIENCE
    while True:
        answer = api.call("PATCH", path, manifest, content=_APPLY, fieldManager=_MANAGER, force="true", fieldValidation=validation)
        if answer.accepted or not _is_passing(answer) or time.monotonic() >= end:
            return answer
        time.sleep(_PAUSE)


def _is_passing(answer: Answer) -> bool:
    """Whether the same call may be accepted a moment later: its kind is not served yet, or nobody has counted yet."""
    if answer.status == _NOT_FOUND:
        # A namespace that does not exist never will.
        return "namespaces" not in answer.message
    return answer.status in {_CONFLICT, _BUSY} or answer.status >= _FAULTS or _NOT_COUNTED in answer.message


def _is_definition(declared: DeclaredObject) -> bool:
    return bool(declared.manifest["kind"] == _DEFINITION)


def _namespace(manifest: dict[str, Any]) -> str:
    return str(manifest["metadata"].get("namespace") or "")
