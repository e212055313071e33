from __future__ import annotations

import base64
from typing import Any

import pytest

from facts.tiers import Tier
from policies.rules.secrets.objects import BOOTSTRAP_ANNOTATION, SECRETS_COME_FROM_THE_BACKEND
from policies.values import UNKNOWN, Secret
from tests.policies.rules.fixtures import a_resource, ask, changed, places, undecided

INLINE: dict[str, Any] = {
    "metadata": {"name": "vault-unseal", "annotations": {BOOTSTRAP_ANNOTATION: "Vault cannot unseal itself without it"}},
    "stringData": {"password": "hunter2"},
}


def found(properties: dict[str, Any], tier: Tier = Tier.PRODUCTION) -> list[str]:
    return places(ask(SECRETS_COME_FROM_THE_BACKEND, a_resource("kubernetes:core/v1:Secret", properties), tier))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_an_inline_secret_with_a_reason_is_right() -> None:
    assert found(INLINE) == []


@pytest.mark.parametrize("reason", [None, "", "  ", True])
def test_an_inline_secret_without_a_reason_is_refused(reason: Any) -> None:
    properties = changed(INLINE, "metadata", "annotations", BOOTSTRAP_ANNOTATION, to=reason)
    assert found(properties) == ["stringData.password"]
    assert found(changed(properties, "data", to={"tls.key": encoded("hunter2")})) == ['data["tls.key"]']
    assert found(properties, Tier.DEV) == ["stringData.password"]


def test_a_workstation_may_have_inline_secrets() -> None:
    assert found(changed(INLINE, "metadata", "annotations"), Tier.LOCAL) == []


@pytest.mark.parametrize(
    "content",
    [
        {"type": "kubernetes.io/service-account-token"},
        {"stringData": {}},
        {"stringData": {"password": ""}, "immutable": True},
        {"stringData": Secret({"password": "hunter2"})},
        {"stringData": {"password": Secret("hunter2")}},
        {"data": Secret(UNKNOWN)},
    ],
)
def test_a_secret_without_plaintext_is_right(content: dict[str, Any]) -> None:
    secret = a_resource("kubernetes:core/v1:Secret", {"metadata": {"name": "token"}, **content})
    assert ask(SECRETS_COME_FROM_THE_BACKEND, secret) == []
    assert undecided(secret) == []


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("stringData",), {"username": "postgres", "password": "postgres"}, "stringData.password"),
        (("stringData",), Secret({"password": "prom-operator"}), "stringData.password"),
        (("data",), {"admin-password": encoded("admin")}, "data.admin-password"),
    ],
)
def test_a_known_default_is_always_refused(tier: Tier, path: tuple[str, ...], value: Any, expected: str) -> None:
    assert found(changed(INLINE, *path, to=value), tier) == [expected]


@pytest.mark.parametrize("content", ["admin", "/w==", 7.0])
def test_data_that_is_no_encoded_text_is_no_known_default(content: Any) -> None:
    assert found(changed(INLINE, "data", to={"password": content})) == []


@pytest.mark.parametrize("content", [{"data": UNKNOWN}, {"data": {"password": UNKNOWN}}])
def test_unknown_content_that_is_not_secret_leaves_it_undecided(content: dict[str, Any]) -> None:
    secret = a_resource("kubernetes:core/v1:Secret", {"metadata": {"name": "token"}, **content})
    assert ask(SECRETS_COME_FROM_THE_BACKEND, secret) == []
    assert undecided(secret) != []
