from __future__ import annotations

from typing import Any

from components.messaging.nats.access import accounts
from tests.components.messaging.nats.examples import SETTINGS, nats_args

STREAM = SETTINGS["streams"]["orders"]


def rendered(**settings: Any) -> dict[str, Any]:
    return accounts(nats_args(**settings).settings, "messaging")


def publishes(account: dict[str, Any], user: str) -> list[str]:
    (permissions,) = (each["permissions"] for each in account["users"] if each["user"] == user)
    assert permissions["subscribe"] == {"allow": ["_INBOX.>"]}
    allowed: list[str] = permissions["publish"]["allow"]
    return allowed


def test_a_client_may_do_what_it_was_given_and_answer_to_its_own_streams_only() -> None:
    given = rendered(streams={"payments": STREAM}, clients={"shop": {"namespace": "web", "publishes": ["new.>"], "consumes": ["payments"]}})
    assert publishes(given["PLATFORM"], "shop.web.nats") == [
        "new.>",
        "$JS.API.INFO",
        "$JS.API.STREAM.INFO.payments",
        "$JS.API.CONSUMER.INFO.payments.*",
        "$JS.API.CONSUMER.MSG.NEXT.payments.*",
        "$JS.ACK.payments.>",
    ]


def test_the_controller_manages_streams_and_the_operator_the_servers() -> None:
    given = rendered(clients={})
    assert publishes(given["PLATFORM"], "jetstream-controller.messaging.nats") == ["$JS.API.>", "$JS.SNAPSHOT.>"]
    assert given["SYS"] == {"users": [{"user": "nats-operator.messaging.nats"}]}


def test_whoever_reads_a_bucket_cannot_write_to_it() -> None:
    buckets = {"keyValues": {"prices": {"maxBytes": "1Gi"}}, "objectStores": {"invoices": {"maxBytes": "1Gi"}}}
    reader, writer = (
        publishes(
            rendered(**buckets, clients={"shop": {"namespace": "web", "keyValues": {"prices": may}, "objectStores": {"invoices": may}}})[
                "PLATFORM"
            ],
            "shop.web.nats",
        )
        for may in ("read", "write")
    )
    assert {"$JS.API.DIRECT.GET.KV_prices.>", "$JS.API.DIRECT.GET.OBJ_invoices.>"} <= set(reader)
    assert set(writer) - set(reader) == {"$KV.prices.>", "$O.invoices.>", "$JS.API.STREAM.PURGE.OBJ_invoices"}


def test_a_tenant_has_an_account_with_its_quota_and_a_controller_of_its_own() -> None:
    given = rendered(tenants={"billing": {"storage": "60Gi", "connections": 20, "clients": {"api": {"namespace": "bills"}}}})
    assert given["billing"]["jetstream"] == {"max_file": "<< 61440Mi >>"}
    assert given["billing"]["limits"] == {"max_connections": 20}
    assert [user["user"] for user in given["billing"]["users"]] == ["jetstream-controller-billing.messaging.nats", "api.bills.nats"]
    assert given["PLATFORM"]["jetstream"] == "enabled"


def test_what_a_tenant_shares_is_exported_to_those_it_names_and_imported_below_its_name() -> None:
    given = rendered(tenants={"sales": {"storage": "1Gi", "shares": {"sold.>": ["billing"]}}, "billing": {"storage": "1Gi"}})
    assert given["sales"]["exports"] == [{"stream": "sold.>", "accounts": ["billing"]}]
    assert given["billing"]["imports"] == [{"stream": {"account": "sales", "subject": "sold.>"}, "prefix": "sales"}]
    assert "exports" not in given["billing"]
    assert "imports" not in given["sales"]
    assert "imports" not in given["PLATFORM"]
