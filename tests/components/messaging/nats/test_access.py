from __future__ import annotations

from components.messaging.nats.access import accounts
from components.messaging.nats.model import ClientSettings

ORDERS = {"orders": ClientSettings(namespace="shop", publishes=("orders.>",), consumes=("payments",))}


def test_a_client_may_do_what_it_was_given_and_answer_to_its_own_streams_only() -> None:
    users = accounts(ORDERS, controller="controller", operator="operator")["PLATFORM"]["users"]
    (permissions,) = (user["permissions"] for user in users if user["user"] == "orders.shop.nats")
    assert permissions == {
        "publish": {
            "allow": [
                "orders.>",
                "$JS.API.INFO",
                "$JS.API.STREAM.INFO.payments",
                "$JS.API.CONSUMER.INFO.payments.*",
                "$JS.API.CONSUMER.MSG.NEXT.payments.*",
                "$JS.ACK.payments.>",
            ]
        },
        "subscribe": {"allow": ["_INBOX.>"]},
    }


def test_the_controller_manages_streams_and_the_operator_the_servers() -> None:
    rendered = accounts({}, controller="controller", operator="operator")
    (controller,) = rendered["PLATFORM"]["users"]
    assert controller["permissions"]["publish"] == {"allow": ["$JS.API.>", "$JS.SNAPSHOT.>"]}
    assert rendered["SYS"] == {"users": [{"user": "operator"}]}
