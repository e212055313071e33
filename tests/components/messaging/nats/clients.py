"""Clients of servers that know them by certificate, patient while these elect leaders."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.errors import ServiceUnavailableError

from components.kubernetes import CustomResource
from tests.certificates import Authority
from tests.components.messaging.nats.servers import PATIENCE, LocalServers, api_request


async def connect(servers: LocalServers, authority: Authority, user: str) -> Client:
    """Connected as ``user``, through whatever happens to servers."""

    async def quiet(_: Exception) -> None:
        """Killed servers, and what is refused, are the point of these tests."""

    urls = [f"tls://localhost:{port}" for port in servers.ports.values()]
    return await nats.connect(urls, tls=authority.context(user), error_cb=quiet, max_reconnect_attempts=-1, reconnect_time_wait=0.1)


async def call(
    client: Client, subject: str, body: dict[str, Any], until: Callable[[dict[str, Any]], bool] = lambda _: True
) -> dict[str, Any]:
    """The first answer of JetStream's API that ``until`` is satisfied with, once its servers have found each other."""
    end, last = time.monotonic() + PATIENCE, "nothing"
    while time.monotonic() < end:
        try:
            answer = json.loads((await client.request(f"$JS.API.{subject}", json.dumps(body).encode(), timeout=5)).data)
        except nats.errors.Error as error:
            last = repr(error)
        else:
            if not _passes(answer) and until(answer):
                return dict(answer)
            last = json.dumps(answer)
        await asyncio.sleep(0.1)
    pytest.fail(f"after {PATIENCE} seconds {subject} answers {last}")


def _passes(answer: dict[str, Any]) -> bool:
    """Whether it says that servers have not found each other yet: nobody leads, or too few are known for as many copies."""
    error: dict[str, Any] = answer.get("error", {})
    return error.get("code") == 503 or error.get("err_code") == 10005


def is_whole(info: dict[str, Any]) -> bool:
    """Whether a stream, or a consumer, has a leader and two followers that lack nothing."""
    cluster = info.get("cluster", {})
    return bool(cluster.get("leader")) and [each["current"] for each in cluster.get("replicas", [])] == [True, True]


async def create(client: Client, resource: CustomResource) -> None:
    """Create the stream of the resource."""
    answer = await call(client, f"STREAM.CREATE.{resource.spec['name']}", api_request(dict(resource.spec)))
    assert "error" not in answer, answer


async def publish(client: Client, subject: str, first: int, count: int) -> None:
    """Publish until each message is acknowledged."""
    js = client.jetstream(timeout=1)
    for number in range(first, first + count):
        end = time.monotonic() + PATIENCE
        while True:
            try:
                await js.publish(subject, f"{number}".encode(), headers={"Nats-Msg-Id": f"{subject}-{number}"})
                break
            except nats.errors.Error as error:
                if time.monotonic() > end:
                    pytest.fail(f"after {PATIENCE} seconds {number} on {subject} is not acknowledged: {error!r}")
                await asyncio.sleep(0.05)


async def acknowledge(message: Msg) -> None:
    """Acknowledge until the server has heard it."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            await message.ack_sync(timeout=5)
            break
        except nats.errors.TimeoutError:
            assert time.monotonic() < end, f"after {PATIENCE} seconds {message.metadata} is not acknowledged"


async def fetch(work: JetStreamContext.PullSubscription, count: int) -> list[Msg]:
    """As many messages as are waited for; asked again where none of the consumer's leaders is there to hear it."""
    found: list[Msg] = []
    end = time.monotonic() + PATIENCE
    while len(found) < count:
        try:
            found.extend(await work.fetch(count - len(found), timeout=5))
        except (ServiceUnavailableError, TimeoutError) as error:
            # The library raises its own TimeoutError, or the one of asyncio, of which that is a kind.
            if time.monotonic() > end:
                pytest.fail(f"after {PATIENCE} seconds {len(found)} of {count} messages have come: {error!r}")
            await asyncio.sleep(0.1)
    return found
