"""Two real clusters, joined by leaf connections as rendered: one copies from the other what it may, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client

from components.messaging.nats.access import controller, identity
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.links import leaf_identity
from components.messaging.nats.streams import mirrors, streams
from tests.certificates import Authority
from tests.components.messaging.nats.authority import secured
from tests.components.messaging.nats.clients import call, connect, create, is_whole, publish
from tests.components.messaging.nats.examples import nats_args
from tests.components.messaging.nats.servers import LocalServers

pytestmark = pytest.mark.server

MESSAGES = 200
STREAM = {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "1Gi", "consumers": {"shipping": {}}}
PRIMARY = nats_args(
    storage="20Gi",
    streams={"orders": STREAM, "secret": {"subjects": ["secret.>"], "maxAge": "7d", "maxBytes": "1Gi", "drMirror": "elsewhere"}},
    clients={"shop": {"namespace": "web", "publishes": ["orders.>", "secret.>"]}},
    leafNodes={"host": "localhost", "cidrs": ["10.30.0.0/16"]},
)
PRIMARY = replace(PRIMARY, dr_stack="production-dr")
MIRROR = {"maxAge": "7d", "maxBytes": "1Gi"}


def recovery(port: int) -> NatsArgs:
    """The cluster that copies, whose remote is reached at ``port``."""
    return nats_args(
        name="production-dr",
        storage="20Gi",
        streams={
            "all-orders": {
                "sources": [{"stream": "orders", "remote": True, "filterSubject": "orders.new"}],
                "maxAge": "7d",
                "maxBytes": "1Gi",
            }
        },
        mirrors={"orders": MIRROR, "secret": MIRROR | {"deadLetters": False}},
        remote={"name": "nats", "host": "localhost", "port": port, "cidrs": ["10.20.0.0/16"], "secret": "nats-links"},
        clients={"shop": {"namespace": "web", "publishes": ["orders.>"]}},
    )


@pytest.fixture
def clusters(tmp_path: Path) -> Iterator[tuple[Authority, LocalServers, NatsArgs, LocalServers]]:
    """The authority of both, and each cluster; of the second one its arguments too."""
    places = [tmp_path / name for name in ("primary", "recovery")]
    for place in places:
        place.mkdir()
    authority = Authority(tmp_path)
    with secured(authority, PRIMARY, places[0]) as primary:
        args = recovery(primary.leaf_ports["nats-0"])
        for file, link in zip(
            (*authority.issue(leaf_identity("production-dr", None, "messaging")), authority.certificate),
            ("tls.crt", "tls.key", "ca.crt"),
            strict=True,
        ):
            (places[1] / link).symlink_to(file)
        with secured(authority, args, places[1]) as other:
            yield authority, primary, args, other


async def holds(client: Client, stream: str, messages: int) -> dict[str, Any]:
    """Wait until each copy of the stream holds as many messages; what it says of itself then."""
    return await call(
        client, f"STREAM.INFO.{stream}", {}, lambda info: info.get("state", {}).get("messages") == messages and is_whole(info)
    )


MANAGER = identity(controller(None), "messaging")


async def copy_through_a_failure(authority: Authority, primary: LocalServers, args: NatsArgs, other: LocalServers) -> dict[str, Any]:
    manager, shop = await connect(primary, authority, MANAGER), await connect(primary, authority, identity("shop", "web"))
    for name in ("orders", "secret"):
        for resource in streams(None, name, PRIMARY):
            await create(manager, resource)
    there = await connect(other, authority, MANAGER)
    for resource in (*mirrors(None, args), *streams(None, "all-orders", args)):
        await create(there, resource)
    await publish(shop, "orders.new", 0, MESSAGES)
    await publish(shop, "secret.new", 0, 1)
    await holds(there, "orders", MESSAGES)
    # The server that leads the mirror dies, and more comes meanwhile.
    leader = (await call(there, "STREAM.INFO.orders", {}))["cluster"]["leader"]
    other.kill(leader)
    await publish(shop, "orders.old", 0, MESSAGES)
    other.start(leader)
    mirror = await holds(there, "orders", 2 * MESSAGES)
    source = await holds(there, "all-orders", MESSAGES)
    secret = await call(there, "STREAM.INFO.secret", {})
    return {
        "mirror": mirror,
        "source": source,
        "secret": secret,
        "origin": await call(manager, "STREAM.INFO.orders", {}),
        "clients": [manager, shop, there],
    }


async def promote(there: Client, shop: Client) -> dict[str, Any]:
    """What the runbook does once the primary is gone: the mirror becomes a stream that takes messages."""
    config = (await call(there, "STREAM.INFO.orders", {}))["config"]
    refused = await call(there, "STREAM.UPDATE.orders", config | {"subjects": ["orders.>"]})
    promoted = await call(
        there, "STREAM.UPDATE.orders", {key: value for key, value in config.items() if key != "mirror"} | {"subjects": ["orders.>"]}
    )
    assert "error" not in promoted, promoted
    await publish(shop, "orders.new", MESSAGES, 10)
    return {"refused": refused["error"]["description"], "state": (await call(there, "STREAM.INFO.orders", {}))["state"]}


async def fail_over(authority: Authority, primary: LocalServers, args: NatsArgs, other: LocalServers) -> None:
    found = await copy_through_a_failure(authority, primary, args, other)
    origin, mirror = found["origin"]["state"], found["mirror"]["state"]
    assert (mirror["last_seq"], mirror["messages"]) == (origin["last_seq"], origin["messages"]) == (2 * MESSAGES, 2 * MESSAGES)
    assert (mirror["first_ts"], mirror["bytes"]) == (origin["first_ts"], origin["bytes"])
    assert len(found["mirror"]["cluster"]["replicas"]) == 2
    assert found["source"]["state"]["num_subjects"] == 1
    # Not marked for this cluster: its certificate does not let it read that stream.
    assert found["secret"]["state"]["messages"] == 0
    for name in list(primary.ports):
        primary.kill(name)
    shop = await connect(other, authority, identity("shop", "web"))
    after = await promote(found["clients"][2], shop)
    assert "mirrors can not have subjects" in after["refused"] or "mirror" in after["refused"]
    assert (after["state"]["messages"], after["state"]["last_seq"]) == (2 * MESSAGES + 10, 2 * MESSAGES + 10)
    for client in (*found["clients"], shop):
        await client.close()


def test_what_is_marked_is_copied_through_failures_and_takes_over_where_the_primary_is_lost(
    clusters: tuple[Authority, LocalServers, NatsArgs, LocalServers],
) -> None:
    asyncio.run(fail_over(*clusters))
