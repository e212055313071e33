"""Real servers keep accounts apart, hold tenants to their quota, and serve buckets by rights."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import pytest
from nats.aio.client import Client
from nats.js.api import KeyValueConfig, ObjectStoreConfig
from nats.js.errors import NotFoundError

from components.messaging.nats.access import controller, identity
from components.messaging.nats.streams import buckets, consumers, streams
from tests.certificates import Authority
from tests.components.messaging.nats.authority import ask, secured
from tests.components.messaging.nats.examples import nats_args
from tests.components.messaging.nats.servers import PATIENCE, LocalServers, api_request

pytestmark = pytest.mark.server

STREAM = {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "1Gi"}
ARGS = nats_args(
    servers=1,
    storage="20Gi",
    streams={"orders": STREAM},
    keyValues={"prices": {"maxBytes": "10Mi", "history": 5, "ttl": "1d", "maxValueSize": "1Ki", "compression": True}},
    objectStores={"invoices": {"maxBytes": "10Mi", "ttl": "1d", "compression": True}},
    clients={
        "writer": {"namespace": "shop", "publishes": ["orders.>"], "keyValues": {"prices": "write"}, "objectStores": {"invoices": "write"}},
        "reader": {"namespace": "shop", "keyValues": {"prices": "read"}, "objectStores": {"invoices": "read"}},
    },
    tenants={
        "sales": {
            "storage": "2Gi",
            "connections": 3,
            "streams": {"orders": STREAM},
            "clients": {"seller": {"namespace": "sales", "publishes": ["orders.>"]}},
            "shares": {"orders.sold": ["billing"]},
        },
        "billing": {"storage": "2Gi", "streams": {"sold": STREAM | {"subjects": ["sales.orders.sold"]}}},
    },
)
MANAGER = identity(controller(None), "messaging")


@asynccontextmanager
async def connected(servers: LocalServers, authority: Authority, user: str) -> AsyncIterator[Client]:
    async def quiet(_: Exception) -> None:
        """Until the server has started nobody listens; what is refused is seen by its absence."""

    (port,) = servers.ports.values()
    client = await nats.connect(
        f"tls://localhost:{port}", tls=authority.context(user), error_cb=quiet, max_reconnect_attempts=-1, reconnect_time_wait=0.1
    )
    try:
        yield client
    finally:
        await client.close()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


async def create(servers: LocalServers, authority: Authority, tenant: str | None, stream: str, **changes: Any) -> dict[str, Any]:
    """What the server answers to the controller, which is asked for a stream of the settings."""
    wanted = api_request(dict(streams(tenant, stream, ARGS)[0].spec)) | changes
    return await ask(
        servers,
        authority,
        identity(controller(tenant), "messaging"),
        f"$JS.API.STREAM.CREATE.{wanted['name']}",
        json.dumps(wanted).encode(),
    )


async def use_tenants(servers: LocalServers, authority: Authority) -> dict[str, Any]:
    assert (await create(servers, authority, None, "orders"))["config"]["name"] == "orders"
    assert (await create(servers, authority, "sales", "orders"))["config"]["name"] == "orders"
    assert (await create(servers, authority, "billing", "sold"))["config"]["name"] == "sold"
    for subject in ("orders.sold", "orders.returned"):
        await ask(servers, authority, identity("seller", "sales"), subject, b"ours")
    found: dict[str, Any] = {}
    for tenant, stream in ((None, "orders"), ("sales", "orders"), ("billing", "sold")):
        manager = identity(controller(tenant), "messaging")
        found[tenant or "platform"] = (await ask(servers, authority, manager, f"$JS.API.STREAM.INFO.{stream}", b""))["state"]["messages"]
    found["refused"] = (await create(servers, authority, "sales", "orders", name="more", subjects=["more"], max_bytes=3 * 2**30))["error"][
        "description"
    ]
    return found


def test_a_tenant_sees_its_own_messages_and_what_is_shared_with_it_and_keeps_to_its_quota(authority: Authority) -> None:
    with secured(authority, ARGS) as servers:
        found = asyncio.run(use_tenants(servers, authority))
    assert found | {"refused": ""} == {"platform": 0, "sales": 2, "billing": 1, "refused": ""}
    assert "storage" in found["refused"] or "in use" in found["refused"]


async def use_buckets(servers: LocalServers, authority: Authority) -> dict[str, Any]:
    keys, objects = (dict(bucket.spec) for bucket in buckets(None, ARGS))
    async with connected(servers, authority, MANAGER) as client:
        js = client.jetstream(timeout=PATIENCE)
        await js.create_key_value(
            KeyValueConfig("prices", history=keys["history"], max_bytes=keys["maxBytes"], max_value_size=keys["maxValueSize"])
        )
        await js.create_object_store("invoices", config=ObjectStoreConfig("invoices", max_bytes=objects["maxBytes"]))
    async with connected(servers, authority, identity("writer", "shop")) as client:
        js = client.jetstream(timeout=PATIENCE)
        prices = await js.key_value("prices")
        for price in (b"1", b"2"):
            await prices.put("tea", price)
        history = [entry.value for entry in await prices.history("tea")]
        invoices = await js.object_store("invoices")
        for _ in range(2):  # the second one replaces the chunks of the first
            await invoices.put("1001", b"x" * 200_000)
    async with connected(servers, authority, identity("reader", "shop")) as client:
        js = client.jetstream(timeout=PATIENCE)
        prices, invoices = await js.key_value("prices"), await js.object_store("invoices")
        read = (await prices.get("tea")).value, len((await invoices.get("1001")).data or b"")
        with pytest.raises(nats.errors.TimeoutError):
            await (await client.jetstream(timeout=2).key_value("prices")).put("tea", b"3")
        read_after = (await prices.get("tea")).value
    async with connected(servers, authority, identity("seller", "sales")) as client:
        with pytest.raises((nats.errors.TimeoutError, NotFoundError)):
            await client.jetstream(timeout=1).key_value("prices")
    return {"history": history, "read": read, "read_after": read_after}


def test_buckets_are_written_and_read_by_whom_the_settings_name(authority: Authority) -> None:
    with secured(authority, ARGS) as servers:
        assert asyncio.run(use_buckets(servers, authority)) == {
            "history": [b"1", b"2"],
            "read": (b"2", 200_000),
            "read_after": b"2",
        }


RICH = {
    "maxMessages": 1000,
    "maxMessagesPerSubject": 10,
    "maxMessageSize": "64Ki",
    "compression": "s2",
    "denyDelete": True,
    "denyPurge": True,
    "allowDirect": True,
    "discard": "old",
}


async def create_streams_of(servers: LocalServers, authority: Authority, *declared: dict[str, Any]) -> list[dict[str, Any]]:
    """The server's answers: of each stream, or of the first consumer that it refuses."""
    answers = []
    async with connected(servers, authority, MANAGER) as client:
        for place, changes in enumerate(declared):
            args = nats_args(streams={f"s{place}": STREAM | {"subjects": [f"s{place}.>"]} | changes}, servers=1, storage="20Gi")
            spec = api_request(dict(streams(None, f"s{place}", args)[0].spec))
            created = await client.request(f"$JS.API.STREAM.CREATE.s{place}", json.dumps(spec).encode(), timeout=PATIENCE)
            answers.append(json.loads(created.data))
            for consumer in consumers(None, f"s{place}", args):
                wanted = {
                    "durable_name": consumer.spec["durableName"],
                    "ack_policy": "explicit",
                    "deliver_policy": "all",
                    "filter_subjects": consumer.spec.get("filterSubjects", []),
                }
                body = json.dumps({"stream_name": f"s{place}", "config": wanted}).encode()
                subject = f"$JS.API.CONSUMER.DURABLE.CREATE.s{place}.{wanted['durable_name']}"
                answer = json.loads((await client.request(subject, body, timeout=PATIENCE)).data)
                assert "error" not in answer, answer
    return answers


def test_the_server_takes_every_kind_of_retention_and_each_limit(authority: Authority) -> None:
    declared = (
        RICH,
        {"allowRollup": True},
        {"retention": "interest", "consumers": {"one": {}}},
        {"retention": "workqueue", "consumers": {"one": {"filterSubjects": ["s3.a"]}, "two": {"filterSubjects": ["s3.b"]}}},
    )
    with secured(authority, ARGS) as servers:
        rich, rollup, interest, work = (answer["config"] for answer in asyncio.run(create_streams_of(servers, authority, *declared)))
    assert (rich["max_msgs"], rich["max_msgs_per_subject"], rich["max_msg_size"]) == (1000, 10, 65536)
    assert (rich["compression"], rich["discard"]) == ("s2", "old")
    assert [rich[flag] for flag in ("deny_delete", "deny_purge", "allow_direct")] == [True, True, True]
    assert rollup["allow_rollup_hdrs"]
    assert (interest["retention"], work["retention"]) == ("interest", "workqueue")


async def ask_for_what_settings_refuse(servers: LocalServers, authority: Authority) -> list[str]:
    async with connected(servers, authority, MANAGER) as client:

        async def error_of(subject: str, body: dict[str, Any]) -> str:
            answer = await client.request(subject, json.dumps(body).encode(), timeout=PATIENCE)
            return str(json.loads(answer.data).get("error", {}).get("description"))

        base = {"name": "s", "subjects": ["s.>"], "storage": "file", "max_bytes": 2**20}
        both = await error_of("$JS.API.STREAM.CREATE.s", base | {"deny_purge": True, "allow_rollup_hdrs": True})
        assert await error_of("$JS.API.STREAM.CREATE.s", base | {"retention": "workqueue"}) == "None"
        first, second = ({"stream_name": "s", "config": {"durable_name": name, "ack_policy": "explicit"}} for name in ("a", "b"))
        assert await error_of("$JS.API.CONSUMER.DURABLE.CREATE.s.a", first) == "None"
        refused = await error_of("$JS.API.CONSUMER.DURABLE.CREATE.s.b", second)
        changed = await error_of("$JS.API.STREAM.UPDATE.s", base | {"retention": "limits"})
        return [both, refused, changed]


def test_the_server_refuses_what_the_settings_refuse(authority: Authority) -> None:
    with secured(authority, ARGS) as servers:
        both, second, changed = asyncio.run(ask_for_what_settings_refuse(servers, authority))
    assert "roll-ups require the purge permission" in both
    assert "multiple non-filtered consumers not allowed on workqueue stream" in second
    assert "can not change retention policy to/from workqueue" in changed
