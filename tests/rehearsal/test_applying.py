from __future__ import annotations

from typing import Any

import pytest

from rehearsal import applying
from rehearsal.api import Answer
from rehearsal.applying import Applied, apply_all
from rehearsal.objects import DeclaredObject
from tests.rehearsal.clusters import MemoryApi


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applying, "_PAUSE", 0)
    monkeypatch.setattr(applying, "_PATIENCE", 0.5)


def declared(kind: str, api_version: str = "v1", **metadata: Any) -> DeclaredObject:
    return DeclaredObject(manifest={"apiVersion": api_version, "kind": kind, "metadata": {"name": "web", **metadata}}, origin="release web")


def apply(api: MemoryApi, *objects: DeclaredObject) -> Applied:
    applied = Applied()
    apply_all(api, objects, applied)
    return applied


def test_an_object_goes_where_its_kind_is() -> None:
    api = MemoryApi()
    applied = apply(api, declared("Service", namespace="shop"), declared("Service"), declared("Namespace", namespace="shop"))
    assert [path for _, path in api.calls] == [
        "/api/v1/namespaces/shop/services/web",
        "/api/v1/namespaces/default/services/web",
        "/api/v1/namespaces/web",
    ]
    assert (applied.refused, applied.warnings, applied.undefined) == ([], [], [])


@pytest.mark.parametrize(
    ("status", "message", "calls"),
    [
        (403, "exceeded quota: quota", 1),
        (404, 'namespaces "shop" not found', 1),
        (422, "spec.ports: Required value", 1),
        (403, "status unknown for quota: quota", 2),
        (404, "the server could not find the requested resource", 2),
        (409, "the object has been modified", 2),
        (503, "apiserver is starting", 2),
    ],
)
def test_only_what_may_pass_is_tried_again(status: int, message: str, calls: int) -> None:
    answers = [Answer(status=status, body={"message": message})]
    api = MemoryApi(lambda *_: answers.pop() if answers else None)
    applied = apply(api, declared("Service", namespace="shop"))
    assert len(api.calls) == calls
    assert [(each.origin, each.message) for each in applied.refused] == ([] if calls == 2 else [("release web", message)])


def test_warnings_are_told_of_what_is_taken() -> None:
    applied = apply(MemoryApi(lambda *_: Answer(status=200, body={}, warnings=["would violate PodSecurity"])), declared("Service"))
    assert [each.message for each in applied.warnings] == ["would violate PodSecurity"]
    assert applied.refused == []


def test_a_kind_that_nobody_defines_is_not_waited_for_and_one_that_is_defined_is() -> None:
    api = MemoryApi()
    api.kinds[("apiextensions.k8s.io/v1", "CustomResourceDefinition")] = "customresourcedefinitions"
    names = {"group": "example.com", "names": {"kind": "Thing"}}
    definition = declared("CustomResourceDefinition", "apiextensions.k8s.io/v1")
    definition.manifest["spec"] = names
    asked: list[str] = []
    endpoint = api.endpoint

    def late(api_version: str, kind: str) -> Any:
        asked.append(kind)
        if asked.count("Thing") > 2:
            api.kinds[("example.com/v1", "Thing")] = "things"
        return endpoint(api_version, kind)

    api.endpoint = late  # type: ignore[method-assign] # served a moment after it was defined
    applied = apply(api, definition, declared("Thing", "example.com/v1"), declared("Other", "example.com/v1"))
    assert [each.kind for each in applied.undefined] == ["Other"]
    assert (asked.count("Thing"), asked.count("Other")) == (3, 1)


def test_what_comes_after_a_quota_waits_until_it_counts() -> None:
    looks: list[str] = []

    def answer(method: str, path: str, _: Any) -> Answer | None:
        if method == "GET":
            looks.append(path)
            hard = {"pods": "5"}
            return Answer(status=200, body={"spec": {"hard": hard}, "status": {"hard": hard} if len(looks) > 2 else {}})
        return None

    api = MemoryApi(answer)
    api.kinds[("v1", "ResourceQuota")] = "resourcequotas"
    apply(api, declared("ResourceQuota", namespace="shop"), declared("Service", namespace="other"), declared("Service", namespace="shop"))
    quota = "/api/v1/namespaces/shop/resourcequotas/web"
    assert api.calls[1:] == [("PATCH", "/api/v1/namespaces/other/services/web"), *[("GET", quota)] * 3, ("PATCH", api.calls[-1][1])]
