"""What backups are made of, and the way back: a real cluster that is empty holds what another one held."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nats
import pytest
from nats.aio.client import Client

from components.messaging.nats.access import backup_client, controller, identity
from components.messaging.nats.arguments import NatsArgs
from components.messaging.nats.footprint import footprint
from components.messaging.nats.nats import Nats
from components.messaging.nats.streams import consumers, streams
from components.messaging.nats.traffic import traffic
from components.storage.object_store import BlobStore, S3Store, StoreCredentials, StoreSignIn
from components.tenancy.traffic import aws_apis
from tests.certificates import Authority
from tests.components.messaging.nats.authority import secured
from tests.components.messaging.nats.clients import acknowledge, call, connect, create, fetch, is_whole, publish
from tests.components.messaging.nats.examples import nats_args
from tests.components.messaging.nats.servers import PATIENCE, LocalServers
from tests.components.recorded import of_type, the

if TYPE_CHECKING:
    from collections.abc import Callable

    from offline.engine import Run

    Preview = Callable[[Callable[[], object]], Run]

CRON_JOB = "kubernetes:batch/v1:CronJob"
BUCKET = S3Store(bucket="backups-1", region="eu-central-1", traffic=(aws_apis(),))
STREAM = {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "1Gi", "consumers": {"shipping": {}}}


def backed_up(store: S3Store | BlobStore = BUCKET, **settings: Any) -> NatsArgs:
    args = nats_args(**({"storage": "20Gi", "streams": {"orders": STREAM}, "backup": {}} | settings))
    return replace(args, store=store, sign_in=StoreSignIn(annotations={"role": "writer"}, labels={"signs-in": "true"}))


def pod_of(run: Run, name: str = "nats-backup") -> dict[str, Any]:
    template: dict[str, Any] = the(run, CRON_JOB, name).inputs["spec"]["jobTemplate"]["spec"]["template"]
    return template


def environment(container: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


def made(preview: Preview, args: NatsArgs) -> Run:
    return preview(lambda: Nats("nats", args))


def test_once_a_day_each_stream_is_taken_brought_into_the_store_and_old_ones_removed(preview: Preview) -> None:
    buckets = {"keyValues": {"prices": {"maxBytes": "1Gi"}}, "objectStores": {"invoices": {"maxBytes": "1Gi"}}}
    run = made(preview, backed_up(BUCKET, **buckets, backup={"at": "03:05", "keepFor": "30d", "takes": "2h"}))
    spec = the(run, CRON_JOB, "nats-backup").inputs["spec"]
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == ("5 3 * * *", "Etc/UTC", "Forbid")
    assert spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] == 7200
    pod = pod_of(run)["spec"]
    taken, brought = pod["initContainers"][::2], pod["initContainers"][1::2]
    wanted = ["orders", "orders-dlq", "KV_prices", "OBJ_invoices"]
    assert [environment(each)["STREAM"] for each in taken] == wanted
    assert {environment(each)["NATS_TIMEOUT"] for each in taken} == {"60s"}
    assert [environment(each)["PLACE"] for each in brought] == [f"PLATFORM/{name}" for name in wanted]
    (tidy,) = pod["containers"]
    assert environment(tidy)["KEEP_FOR"] == "30d"
    assert environment(tidy)["STORE_PATH"] == "backups-1/nats"
    names = [each["name"] for each in pod["initContainers"]]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 63 for name in names)


def test_what_says_that_a_backup_is_whole_arrives_last(preview: Preview) -> None:
    script = pod_of(made(preview, backed_up()))["spec"]["initContainers"][1]["command"][-1].splitlines()
    bulk, last = (next(place for place, line in enumerate(script) if word in line) for word in ("--exclude backup.json", "copyto"))
    assert bulk < last
    assert script[0] == "set -eu"


def test_the_pods_are_restricted_and_sign_in_as_themselves(preview: Preview) -> None:
    run = made(preview, backed_up())
    (account,) = (each for each in of_type(run, "kubernetes:core/v1:ServiceAccount") if each.name == "nats-backup-account")
    assert account.inputs["metadata"]["annotations"] == {"role": "writer"}
    for name in ("nats-backup", "nats-backup-restore"):
        template = pod_of(run, name)
        assert template["metadata"]["labels"]["signs-in"] == "true"
        assert template["spec"]["serviceAccountName"] == "nats-backup"
        assert template["spec"]["securityContext"]["runAsNonRoot"] is True
        for container in (*template["spec"].get("initContainers", []), *template["spec"]["containers"]):
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["resources"]["limits"]["memory"] == "512Mi"


def test_people_restore_in_a_pod_that_nothing_starts_by_itself(preview: Preview) -> None:
    run = made(preview, backed_up())
    spec = the(run, CRON_JOB, "nats-backup-restore").inputs["spec"]
    assert spec["suspend"] is True
    assert [each["name"] for each in spec["jobTemplate"]["spec"]["template"]["spec"]["containers"]] == ["store", "streams"]


def uploader(preview: Preview, store: S3Store | BlobStore) -> tuple[dict[str, Any], dict[str, Any]]:
    pod = pod_of(made(preview, backed_up(store)))["spec"]
    return environment(pod["containers"][0]), pod


def test_a_store_that_knows_keys_gets_them_from_its_secret_and_is_known_by_its_authority(preview: Preview) -> None:
    store = S3Store(
        bucket="b",
        region=None,
        endpoint="https://minio.storage.svc:9000",
        credentials=StoreCredentials(secret="minio", access_key="user", secret_key="password"),  # noqa: S106 # names of keys
        authority_secret="minio-tls",  # noqa: S106 # a name
        traffic=(),
    )
    told, pod = uploader(preview, store)
    assert told["RCLONE_CONFIG_STORE_ACCESS_KEY_ID"] == {"secretKeyRef": {"name": "minio", "key": "user"}}
    assert (told["RCLONE_CONFIG_STORE_ENV_AUTH"], told["RCLONE_CONFIG_STORE_PROVIDER"]) == ("false", "Other")
    assert told["RCLONE_CA_CERT"] == "/authority/ca.crt"
    assert [each["secret"]["secretName"] for each in pod["volumes"] if each["name"] == "authority"] == ["minio-tls"]


def test_a_container_of_blobs_is_reached_by_the_token_of_the_service_account(preview: Preview) -> None:
    store = BlobStore(account="acc", container="backups", resource_group="rg", subscription_id="s", traffic=())
    told, _ = uploader(preview, store)
    assert (told["RCLONE_CONFIG_STORE_TYPE"], told["RCLONE_CONFIG_STORE_ACCOUNT"]) == ("azureblob", "acc")
    assert (told["RCLONE_CONFIG_STORE_ENV_AUTH"], told["STORE_PATH"]) == ("true", "backups/nats")


@pytest.mark.parametrize("args", [replace(backed_up(), store=None), backed_up(backup=None), backed_up(streams={}, clients={})])
def test_where_there_is_no_store_no_wish_or_nothing_to_keep_there_is_no_backup(preview: Preview, args: NatsArgs) -> None:
    assert not of_type(made(preview, args), CRON_JOB)
    assert not {"nats-backup", "nats-backup-aws-apis"} & {way.name for way in traffic(args)}
    assert footprint(args).claims < footprint(backed_up()).claims


def test_the_pods_reach_the_servers_and_the_store() -> None:
    ways = {way.name: way for way in traffic(backed_up())}
    assert ways["nats-backup"].pods == ways["nats-backup-aws-apis"].pods == {"app.kubernetes.io/name": "nats-backup"}
    assert ways["nats-backup"].egress[0]["ports"] == [{"protocol": "TCP", "port": 4222}]
    (callers,) = (rule["from"] for rule in ways["nats-servers"].ingress if rule["ports"][0]["port"] == 4222)
    assert {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "nats-backup"}}} in callers


def test_what_is_copied_from_another_cluster_is_not_backed_up_again(preview: Preview) -> None:
    remote = {"name": "other", "host": "nats.example.org", "cidrs": ["10.0.0.0/16"], "secret": "links"}
    args = backed_up(
        remote=remote, mirrors={"copies": {"maxBytes": "1Gi", "maxAge": "1d"}}, keyValues={"k": {"maxBytes": "1Gi", "mirror": True}}
    )
    taken = pod_of(made(preview, args))["spec"]["initContainers"][::2]
    assert [environment(each)["STREAM"] for each in taken] == ["orders", "orders-dlq"]


async def ask_once(client: Client, subject: str, body: bytes) -> bytes:
    """The answer to what must not be heard twice; asked again only while nobody listens on the server that has the client."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return (await client.request(subject, body, timeout=PATIENCE)).data
        except nats.errors.NoRespondersError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.1)


async def snapshot(client: Client, stream: str) -> tuple[dict[str, Any], list[bytes]]:
    """A backup as the command line makes it: what the server says of the stream, and the chunks."""
    inbox = client.new_inbox()
    chunks = await client.subscribe(inbox)
    wanted = {"deliver_subject": inbox, "no_consumers": False, "chunk_size": 4096}
    begun = json.loads(await ask_once(client, f"$JS.API.STREAM.SNAPSHOT.{stream}", json.dumps(wanted).encode()))
    assert "error" not in begun, begun
    data = []
    while chunk := await chunks.next_msg(timeout=PATIENCE):
        if not chunk.data:
            break
        data.append(chunk.data)
        if chunk.reply:
            await client.publish(chunk.reply, b"")
    return {"config": begun["config"], "state": begun["state"]}, data


async def restore(client: Client, stream: str, about: dict[str, Any], data: list[bytes]) -> dict[str, Any]:
    begun = json.loads(await ask_once(client, f"$JS.API.STREAM.RESTORE.{stream}", json.dumps(about).encode()))
    assert "error" not in begun, begun
    for chunk in (*data, b""):
        answer = await ask_once(client, begun["deliver_subject"], chunk)
    return dict(json.loads(answer))


async def back_up(servers: LocalServers, authority: Authority, args: NatsArgs) -> tuple[dict[str, Any], list[bytes], list[dict[str, Any]]]:
    manager = await connect(servers, authority, identity(controller(None), "messaging"))
    shop = await connect(servers, authority, identity("shop", "web"))
    saver = await connect(servers, authority, identity(backup_client(None), "messaging"))
    for resource in streams(None, "orders", args):
        await create(manager, resource)
    (consumer,) = consumers(None, "orders", args)
    config = {"durable_name": "shipping", "ack_policy": "explicit", "max_ack_pending": consumer.spec["maxAckPending"]}
    answer = await call(manager, "CONSUMER.DURABLE.CREATE.orders.shipping", {"stream_name": "orders", "config": config})
    assert "error" not in answer, answer
    await publish(shop, "orders.new", 0, 300)
    work = await shop.jetstream(timeout=5).pull_subscribe_bind("shipping", "orders")
    for message in await fetch(work, 100):
        await acknowledge(message)
    # What is saved is the copy of one server, which need not be the leader's.
    end = time.monotonic() + PATIENCE
    while (known := servers.acknowledged("shipping")) != [100, 100, 100]:
        assert time.monotonic() < end, f"after {PATIENCE} seconds servers have heard of acknowledgements up to {known}"
        await asyncio.sleep(0.1)
    about, data = await snapshot(saver, "orders")
    refused: list[dict[str, Any]] = []
    with pytest.raises(nats.errors.TimeoutError):
        refused.append(json.loads((await saver.request("$JS.API.STREAM.DELETE.orders", b"", timeout=1)).data))
    infos = [await call(manager, "STREAM.INFO.orders", {}), await call(manager, "CONSUMER.INFO.orders.shipping", {})]
    for client in (manager, shop, saver):
        await client.close()
    return about, data, infos


async def bring_back(
    servers: LocalServers, authority: Authority, about: dict[str, Any], data: list[bytes], left_over: int
) -> tuple[dict[str, Any], dict[str, Any], list[int]]:
    """Restored: the stream, its consumer, and the sequences of what is delivered next."""
    manager = await connect(servers, authority, identity(controller(None), "messaging"))
    restored = await restore(manager, "orders", about, data)
    assert "error" not in restored, restored
    # The consumer comes after the stream, and copies of both after their leaders.
    infos = (
        await call(manager, "STREAM.INFO.orders", {}, is_whole),
        await call(manager, "CONSUMER.INFO.orders.shipping", {}, is_whole),
    )
    shop = await connect(servers, authority, identity("shop", "web"))
    work = await shop.jetstream(timeout=5).pull_subscribe_bind("shipping", "orders")
    left = [message.metadata.sequence.stream for message in await fetch(work, left_over)]
    for client in (manager, shop):
        await client.close()
    return *infos, left


@pytest.mark.server
def test_an_empty_cluster_gets_messages_sequences_and_the_place_of_consumers_back_from_a_backup(tmp_path: Path) -> None:
    shop = {"namespace": "web", "publishes": ["orders.>"], "consumes": ["orders"]}
    args = backed_up(streams={"orders": STREAM | {"maxBytes": "100Mi"}}, clients={"shop": shop})
    places = [tmp_path / name for name in ("lost", "empty")]
    for place in places:
        place.mkdir()
    authority = Authority(tmp_path)
    with secured(authority, args, places[0]) as servers:
        about, data, (stream, consumer) = asyncio.run(back_up(servers, authority, args))
    with secured(authority, args, places[1]) as servers:
        restored, its_consumer, left = asyncio.run(bring_back(servers, authority, about, data, 200))
    counted = ("messages", "bytes", "first_seq", "last_seq", "first_ts", "last_ts")
    assert [restored["state"][each] for each in counted] == [stream["state"][each] for each in counted]
    assert restored["state"]["messages"] == 300
    assert len(restored["cluster"]["replicas"]) == 2
    assert its_consumer["ack_floor"]["stream_seq"] == consumer["ack_floor"]["stream_seq"] == 100
    assert left == list(range(101, 301))
