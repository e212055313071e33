"""Clients of servers that know them by certificate, patient while these elect leaders."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import nats
from nats.aio.client import Client

from components.kubernetes import CustomResource
from tests.certificates import Authority
from tests.components.messaging.nats.servers import LocalServers, api_request


async def connect(servers: LocalServers, authority: Authority, user: str) -> Client:
    """Connected as ``user``, through whatever happens to servers."""

    async def quiet(_: Exception) -> None:
        """Killed servers, and what is refused, are the point of these tests."""

    urls = [f"tls://localhost:{port}" for port in servers.ports.values()]
    return await nats.connect(urls, tls=authority.context(user), error_cb=quiet, max_reconnect_attempts=-1, reconnect_time_wait=0.1)


async def call(client: Client, subject: str, body: dict[str, Any]) -> dict[str, Any]:
    """The answer of JetStream's API, once its servers have found each other."""
    while True:
        try:
            answer = json.loads((await client.request(f"$JS.API.{subject}", json.dumps(body).encode(), timeout=2)).data)
        except nats.errors.Error:
            await asyncio.sleep(0.1)
            continue
        if answer.get("error", {}).get("code") != 503:
            return dict(answer)
        await asyncio.sleep(0.1)


async def create(client: Client, resource: CustomResource) -> None:
    """Create the stream of the resource."""
    answer = await call(client, f"STREAM.CREATE.{resource.spec['name']}", api_request(dict(resource.spec)))
    assert "error" not in answer, answer


async def publish(client: Client, subject: str, first: int, count: int) -> None:
    """Publish until each message is acknowledged."""
    js = client.jetstream(timeout=1)
    for number in range(first, first + count):
        while True:
            try:
                await js.publish(subject, f"{number}".encode(), headers={"Nats-Msg-Id": f"{subject}-{number}"})
                break
            except nats.errors.Error:
                await asyncio.sleep(0.05)
