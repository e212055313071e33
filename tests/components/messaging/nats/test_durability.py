"""Real servers with our settings lose nothing that they acknowledged, and keep dead letters."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsClientFailure
from nats.errors import NoRespondersError
from nats.js import JetStreamContext
from nats.js.errors import ServiceUnavailableError

from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.streams import streams
from tests.components.messaging.nats.clients import fetch
from tests.components.messaging.nats.examples import nats_args
from tests.components.messaging.nats.servers import PATIENCE, LocalServers, api_request

pytestmark = pytest.mark.server

MESSAGES = 300
ORDERS = {
    "orders": {
        "subjects": ["orders.>"],
        "maxAge": "7d",
        "maxBytes": "1Gi",
        "consumers": {"shipping": {"maxDeliver": 2, "ackWait": "1s"}},
    }
}
ARGS = nats_args(storage="20Gi", streams=ORDERS)


@asynccontextmanager
async def connected(servers: LocalServers, **options: Any) -> AsyncIterator[Client]:
    async def quiet(_: Exception) -> None:
        """Killed servers are the point of these tests."""

    client = await nats.connect(
        servers.urls, error_cb=quiet, reconnect_time_wait=0.1, max_reconnect_attempts=-1, connect_timeout=5, **options
    )
    try:
        yield client
    finally:
        await client.close()


async def create_streams(client: Client, args: NatsArgs) -> None:
    for resource in streams(None, "orders", args):
        body = json.dumps(api_request(dict(resource.spec))).encode()
        async with asyncio.timeout(PATIENCE):
            while True:  # until the servers have found each other
                if await _created(client, resource.name, body):
                    break
                await asyncio.sleep(0.1)


async def _created(client: Client, name: str, body: bytes) -> bool:
    try:
        answer = json.loads((await client.request(f"$JS.API.STREAM.CREATE.{name}", body, timeout=2)).data)
    except NatsClientFailure:
        return False
    error = answer.get("error")
    assert error is None or error["code"] == 503 or error["err_code"] == 10005, error
    return error is None


async def publish(client: Client, messages: range) -> set[str]:
    """Publish until each message is acknowledged, as a publisher that may lose none has to."""
    stream: JetStreamContext = client.jetstream(timeout=1)
    for number in messages:
        while True:
            try:
                await stream.publish("orders.new", f"order {number}".encode(), headers={"Nats-Msg-Id": str(number)})
                break
            except NatsClientFailure:
                await asyncio.sleep(0.05)
    return {f"order {number}" for number in messages}


async def stored(client: Client) -> set[str]:
    stream: JetStreamContext = client.jetstream(timeout=5)
    state = (await stream.stream_info("orders")).state
    bodies = set()
    for sequence in range(state.first_seq, state.last_seq + 1):
        bodies.add(await read(stream, sequence))
    return bodies


async def read(stream: JetStreamContext, sequence: int) -> str:
    """Asked again while nobody leads the stream; a message that is missing is an error."""
    while True:
        try:
            return ((await stream.get_msg("orders", sequence)).data or b"").decode()
        except (TimeoutError, NoRespondersError, ServiceUnavailableError):
            await asyncio.sleep(0.1)


async def leader(client: Client) -> str:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                info = await client.jetstream(timeout=1).stream_info("orders")
            except NatsClientFailure:
                await asyncio.sleep(0.1)
                continue
            if info.cluster and info.cluster.leader:
                return str(info.cluster.leader)


async def lose_servers_under_load(servers: LocalServers) -> tuple[set[str], set[str]]:
    async with asyncio.timeout(PATIENCE), connected(servers) as client:
        await create_streams(client, ARGS)
        acknowledged: set[str] = set()
        load = asyncio.create_task(publish(client, range(MESSAGES // 2)))
        victim = await leader(client)
        servers.kill(victim)
        acknowledged |= await load
        servers.start(victim)
        for name in servers.ports:
            servers.kill(name)
        for name in servers.ports:
            servers.start(name)
        acknowledged |= await publish(client, range(MESSAGES // 2, MESSAGES))
        await leader(client)
        return acknowledged, await stored(client)


def test_no_acknowledged_message_is_lost_when_a_stream_leader_and_then_all_servers_are_killed(tmp_path: Path) -> None:
    with LocalServers(ARGS, tmp_path) as servers:
        acknowledged, kept = asyncio.run(lose_servers_under_load(servers))
    assert len(acknowledged) == MESSAGES
    assert acknowledged - kept == set()


async def give_up_on_a_message(servers: LocalServers) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE), connected(servers) as client:
        await create_streams(client, ARGS)
        stream = client.jetstream(timeout=PATIENCE)
        config = {"durable_name": "shipping", "ack_policy": "explicit", "max_deliver": 2, "ack_wait": 100_000_000}
        body = json.dumps({"stream_name": "orders", "config": config}).encode()
        created = await client.request("$JS.API.CONSUMER.DURABLE.CREATE.orders.shipping", body, timeout=PATIENCE)
        assert "error" not in json.loads(created.data)
        await publish(client, range(1))
        subscription = await stream.pull_subscribe_bind("shipping", "orders")
        for _ in range(2):
            await fetch(subscription, 1)
        while True:
            waiting = asyncio.ensure_future(subscription.fetch(1, timeout=0.5))
            await asyncio.wait([waiting])
            assert waiting.exception() is not None
            if (await stream.stream_info("orders-dlq")).state.messages:
                break
        return dict(json.loads((await stream.get_msg("orders-dlq", 1)).data or b"{}"))


def test_a_message_that_a_consumer_gives_up_on_is_kept_as_a_dead_letter(tmp_path: Path) -> None:
    with LocalServers(ARGS, tmp_path) as servers:
        dead_letter = asyncio.run(give_up_on_a_message(servers))
    assert (dead_letter["stream"], dead_letter["consumer"], dead_letter["stream_seq"]) == ("orders", "shipping", 1)


async def settings_in_force(servers: LocalServers) -> dict[str, Any]:
    async with connected(servers):
        return servers.in_force("nats-0")


@pytest.mark.parametrize("rpo", ["0s", "2m"])
def test_the_server_flushes_before_it_acknowledges_where_nothing_may_be_lost(tmp_path: Path, rpo: str) -> None:
    with LocalServers(nats_args(servers=1, storage="20Gi", rpo=rpo, streams=ORDERS), tmp_path) as servers:
        config = asyncio.run(settings_in_force(servers))
    assert config.get("sync_always", False) is (rpo == "0s")
    assert config["max_storage"] == 17 * 2**30


@pytest.mark.parametrize("storage", ["5Gi", "500Gi", "1500Gi"])
@pytest.mark.parametrize("rpo", ["0s", "2m"])
def test_the_server_accepts_the_settings(tmp_path: Path, storage: str, rpo: str) -> None:
    LocalServers(nats_args(storage=storage, rpo=rpo, streams=ORDERS), tmp_path).check()


async def publish_twice(servers: LocalServers) -> int:
    """How many messages are kept of one that is sent twice within the window, and again until its window is over."""
    async with asyncio.timeout(PATIENCE), connected(servers) as client:
        await create_streams(client, QUICK)
        stream = client.jetstream(timeout=PATIENCE)
        for attempt in itertools.count():

            async def is_new(number: int = attempt) -> bool:
                return not (await stream.publish("orders.new", b"order", headers={"Nats-Msg-Id": str(number)})).duplicate

            begun = time.monotonic()
            assert await is_new()
            again = await is_new()
            if time.monotonic() - begun < WINDOW:  # else the machine was too slow to tell
                assert not again
                break
        before = (await stream.stream_info("orders")).state.messages
        while not await is_new():
            pass
        assert time.monotonic() - begun > WINDOW
        return (await stream.stream_info("orders")).state.messages - before


WINDOW = 1
QUICK = nats_args(
    servers=1,
    storage="20Gi",
    streams={"orders": {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "1Gi", "duplicateWindow": f"{WINDOW}s"}},
)


def test_a_message_that_is_sent_again_within_the_window_is_kept_once_and_after_it_twice(tmp_path: Path) -> None:
    with LocalServers(QUICK, tmp_path) as servers:
        assert asyncio.run(publish_twice(servers)) == 1
