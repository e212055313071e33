from __future__ import annotations

from facts.tiers import Tier
from policies.rules.secrets.objects import BOOTSTRAP_ANNOTATION, secrets_come_from_the_backend
from policies.values import UNKNOWN, Secret
from tests.policies.rules.cases import accepts, cases, changed, refuses, undecided
from tests.policies.rules.secrets.good import BARE, INLINE, encoded

REASON = f'metadata.annotations["{BOOTSTRAP_ANNOTATION}"]'
ENTRY = "stringData.password"
UNEXPLAINED = changed(INLINE, {"metadata.annotations": None})

CASES = cases(
    secrets_come_from_the_backend,
    accepts(INLINE),
    accepts(UNEXPLAINED, tier=Tier.LOCAL),
    accepts(BARE, {"type": "kubernetes.io/service-account-token"}),
    accepts(BARE, {"stringData": {}}),
    accepts(BARE, {"stringData": {"password": ""}, "immutable": True}),
    accepts(BARE, {"stringData": Secret({"password": "hunter2"})}),
    accepts(BARE, {"stringData": {"password": Secret("hunter2")}}),
    accepts(BARE, {"data": Secret(UNKNOWN)}),
    *(
        accepts(INLINE, {"stringData": None, "data": {"password": content}})
        for content in ("admin", "/w==", 7.0, "pässwörd", "not base64", encoded("é"), "=")
    ),
    *(refuses(INLINE, {REASON: reason}, at=ENTRY) for reason in (None, "", "  ", True)),
    refuses(INLINE, {REASON: None}, at=ENTRY, tier=Tier.DEV),
    refuses(UNEXPLAINED, {"stringData": None, "data": {"tls.key": encoded("hunter2")}}, at='data["tls.key"]'),
    refuses(UNEXPLAINED, {"data": {"tls.key": encoded("hunter2")}}, at='data["tls.key"]'),
    *(
        case
        for tier in Tier
        for case in (
            refuses(INLINE, {"stringData": {"username": "postgres", "password": "postgres"}}, at=ENTRY, tier=tier),
            refuses(INLINE, {"stringData": Secret({"password": "prom-operator"})}, at=ENTRY, tier=tier),
            refuses(INLINE, {"data": {"admin-password": encoded("admin")}}, at="data.admin-password", tier=tier),
        )
    ),
    undecided(BARE, "data"),
    undecided(BARE, "data.password"),
    undecided(INLINE, ENTRY),
    undecided(INLINE, REASON),
)
