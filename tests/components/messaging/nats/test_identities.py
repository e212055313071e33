"""Real servers take a client for whom its certificate names, and let it do what that one may."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import nats
import pytest

from components.messaging.nats.access import controller, identity
from components.messaging.nats.streams import streams
from tests.certificates import Authority
from tests.components.messaging.nats.authority import ask, secured
from tests.components.messaging.nats.examples import nats_args
from tests.components.messaging.nats.servers import PATIENCE, LocalServers, api_request

pytestmark = pytest.mark.server

ARGS = nats_args(servers=1, storage="20Gi", streams={"orders": {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "1Gi"}})
ORDERS = identity("orders", "shop")


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def create_and_publish(servers: LocalServers, authority: Authority) -> list[dict[str, Any]]:
    (resource,) = streams(None, "orders", ARGS)
    create = ("$JS.API.STREAM.CREATE.orders", json.dumps(api_request(dict(resource.spec))).encode())
    return [
        await ask(servers, authority, ORDERS, *create),
        await ask(servers, authority, "jetstream-controller.messaging.nats", *create),
        await ask(servers, authority, ORDERS, "orders.new", b"one"),
        await ask(servers, authority, "jetstream-controller.messaging.nats", "orders.new", b"two"),
    ]


def test_the_controller_creates_streams_and_clients_publish_and_neither_does_the_others_work(authority: Authority) -> None:
    with secured(authority, ARGS) as servers:
        not_created, created, published, not_published = asyncio.run(create_and_publish(servers, authority))
    assert "permissions violation" in not_created["refused"]
    assert created["config"]["name"] == "orders"
    assert published == {"stream": "orders", "seq": 1}
    assert "permissions violation" in not_published["refused"]


async def restore_nothing(servers: LocalServers, authority: Authority) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the controller's identity is told when a restore without data begins and when it ends."""
    (resource,) = streams(None, "orders", ARGS)
    wanted = {"config": api_request(dict(resource.spec)), "state": {}}
    manager = identity(controller(None), "messaging")
    begun = await ask(servers, authority, manager, "$JS.API.STREAM.RESTORE.orders", json.dumps(wanted).encode())
    return begun, await ask(servers, authority, manager, begun["deliver_subject"], b"")


def test_the_identity_that_people_take_for_streams_may_restore_them(authority: Authority) -> None:
    with secured(authority, ARGS) as servers:
        begun, ended = asyncio.run(restore_nothing(servers, authority))
    assert begun["deliver_subject"].startswith("$JS.SNAPSHOT.RESTORE.orders.")
    assert "refused" not in ended


async def connect_as(servers: LocalServers, authority: Authority, identity: str) -> None:
    (port,) = servers.ports.values()
    async with asyncio.timeout(PATIENCE):
        client = await nats.connect(
            f"tls://localhost:{port}",
            tls=authority.context(identity),
            max_reconnect_attempts=3,
            reconnect_time_wait=0.3,
            connect_timeout=60,
        )
        await client.close()


def test_a_certificate_that_no_user_has_is_turned_away(authority: Authority) -> None:
    with secured(authority, ARGS) as servers:
        asyncio.run(connect_as(servers, authority, ORDERS))
        with pytest.raises(nats.errors.Error):
            asyncio.run(connect_as(servers, authority, "stranger.shop.nats"))
