"""A real broker with our settings loses nothing that it confirmed, and keeps dead letters."""

from __future__ import annotations

import gc
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker, NackError
from pika.spec import Basic

from tests.components.messaging.rabbitmq.brokers import PATIENCE, LocalBrokers
from tests.components.messaging.rabbitmq.examples import TOPOLOGY, settings
from tests.tools import ROOT

pytestmark = [
    pytest.mark.server,
    # The library does not close the sockets of connections whose server was killed.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

MESSAGES: Final = 200
SHOP: Final = settings(
    # So little is asked of the machine that runs the tests.
    storage="20Gi",
    vhosts={
        "shop": {
            "exchanges": {"orders": {"type": "topic"}},
            "queues": {
                "orders": {"bindings": [{"exchange": "orders", "routingKey": "new.#"}], "maxBytes": "1Gi"},
                "failing": {"bindings": [{"exchange": "orders", "routingKey": "failing"}], "maxBytes": "1Gi", "deliveryLimit": 2},
                "late": {"bindings": [{"exchange": "orders", "routingKey": "late"}], "maxBytes": "1Gi", "messageTtl": "1s"},
                "small": {"bindings": [{"exchange": "orders", "routingKey": "small"}], "maxBytes": "1Mi"},
            },
            "clients": {
                "checkout": {"namespace": "shop", "publishes": ["orders"]},
                "shipping": {
                    "namespace": "shop",
                    "consumes": ["orders", "failing", "late", "small"],
                },
            },
        }
    },
)
PUBLISHER, CONSUMER = "checkout-rabbitmq", "shipping-rabbitmq"
PERSISTENT: Final = pika.BasicProperties(delivery_mode=2)


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBrokers]:
    with LocalBrokers(SHOP, replace(TOPOLOGY, settings=SHOP), tmp_path_factory.mktemp("brokers")) as started:
        yield started
    gc.collect()


class Publisher:
    """Publishes until each message is confirmed, as a publisher that may lose none has to."""

    def __init__(self, brokers: LocalBrokers) -> None:
        self._brokers = brokers
        self.confirmed: set[str] = set()

    def publish(self, messages: range) -> None:
        channel = self._channel()
        for number in messages:
            while True:
                try:
                    channel.basic_publish("orders", "new.order", f"order {number}".encode(), PERSISTENT, mandatory=True)
                    break
                except AMQPError:
                    channel = self._channel()
            self.confirmed.add(f"order {number}")

    def _channel(self) -> BlockingChannel:
        while True:
            try:
                channel = self._brokers.connect("shop", PUBLISHER).channel()
                channel.confirm_delivery()
            except AMQPError:
                continue
            return channel


def send(brokers: LocalBrokers, key: str, body: bytes = b"order") -> None:
    connection = brokers.connect("shop", PUBLISHER)
    channel = connection.channel()
    channel.confirm_delivery()
    channel.basic_publish("orders", key, body, PERSISTENT, mandatory=True)
    connection.close()


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"after {seconds} seconds {what}"
        time.sleep(0.2)


def depth(brokers: LocalBrokers, queue: str) -> int:
    """Messages that wait in the queue: asked for as a client may, who declares nothing."""
    connection = brokers.connect("shop", CONSUMER)
    waiting = connection.channel().queue_declare(queue, passive=True).method.message_count
    connection.close()
    return int(waiting)


def tag(method: Basic.Deliver | None) -> int:
    assert method is not None
    assert method.delivery_tag is not None
    return int(method.delivery_tag)


def drain(brokers: LocalBrokers, queue: str, wanted: int) -> set[str]:
    """Everything that the queue holds: read until as many different messages have come as were confirmed, or none comes any more."""
    connection = brokers.connect("shop", CONSUMER)
    channel = connection.channel()
    channel.basic_qos(prefetch_count=50)
    bodies: set[str] = set()
    for method, _, body in channel.consume(queue, inactivity_timeout=60):
        if method is None or body is None:
            break
        bodies.add(body.decode())
        channel.basic_ack(tag(method))
        if len(bodies) >= wanted:
            break
    channel.cancel()
    connection.close()
    return bodies


def test_every_queue_has_a_copy_on_each_server_and_they_speak_tls_to_each_other(brokers: LocalBrokers) -> None:
    members = brokers.listed("shop", "members")
    assert set(members) == {name for queue in SHOP.vhosts["shop"].queues for name in (queue, f"{queue}-dlq")}
    assert all(sorted(each) == brokers.names for each in members.values())
    assert "inet_tls" in brokers.control(brokers.names[0], "eval", "init:get_argument(proto_dist).")


def test_no_confirmed_message_is_lost_when_a_queues_leader_and_then_all_servers_are_killed(brokers: LocalBrokers) -> None:
    publisher = Publisher(brokers)
    load = threading.Thread(target=publisher.publish, args=(range(MESSAGES),))
    load.start()
    until(lambda: len(publisher.confirmed) >= MESSAGES // 4, "nothing is confirmed")
    victim = str(brokers.listed("shop", "leader")["orders"])
    brokers.kill(victim)
    until(lambda: len(publisher.confirmed) >= MESSAGES // 2, "nothing is confirmed without the first leader")
    brokers.start(victim)
    for name in brokers.names:
        brokers.kill(name)
    at_the_end = set(publisher.confirmed)
    assert len(at_the_end) >= MESSAGES // 2
    for name in brokers.names:
        brokers.start(name)
    brokers.wait()
    load.join(timeout=PATIENCE)
    assert len(publisher.confirmed) == MESSAGES
    assert publisher.confirmed - drain(brokers, "orders", MESSAGES) == set()


def test_what_a_consumer_rejects_is_kept_as_a_dead_letter(brokers: LocalBrokers) -> None:
    send(brokers, "failing", b"rejected")
    connection = brokers.connect("shop", CONSUMER)
    channel = connection.channel()
    method, _, _ = next(iter(channel.consume("failing", inactivity_timeout=PATIENCE)))
    channel.basic_reject(tag(method), requeue=False)
    connection.close()
    until(lambda: depth(brokers, "failing-dlq") == 1, "the rejected message is not in the dead-letter queue")
    until(lambda: depth(brokers, "failing") == 0, "the rejected message is still in its queue")


def test_what_fails_more_often_than_its_limit_is_kept_as_a_dead_letter(brokers: LocalBrokers) -> None:
    before = depth(brokers, "failing-dlq")
    send(brokers, "failing", b"always fails")
    connection = brokers.connect("shop", CONSUMER)
    channel = connection.channel()
    deliveries = 0
    end = time.monotonic() + PATIENCE
    # Until it is a dead letter, and does not come any more.
    for method, _, _ in channel.consume("failing", inactivity_timeout=2):
        if method is not None:
            deliveries += 1
            channel.basic_reject(tag(method), requeue=True)
        elif depth(brokers, "failing-dlq") > before or time.monotonic() > end:
            break
    connection.close()
    # The limit is how often it may come back.
    assert deliveries == 3
    until(lambda: depth(brokers, "failing-dlq") == before + 1, "the message is not in the dead-letter queue")


def test_what_is_older_than_its_queue_allows_is_kept_as_a_dead_letter(brokers: LocalBrokers) -> None:
    send(brokers, "late")
    until(lambda: depth(brokers, "late-dlq") == 1, "the expired message is not in the dead-letter queue")
    until(lambda: depth(brokers, "late") == 0, "the expired message is still in its queue")


def test_a_full_queue_refuses_its_publishers_and_drops_nothing(brokers: LocalBrokers) -> None:
    refused = 0
    for _ in range(20):
        try:
            send(brokers, "small", b"x" * 100_000)
        except NackError:
            refused += 1
    assert refused > 0
    assert depth(brokers, "small") == 20 - refused
    assert depth(brokers, "small-dlq") == 0


def test_the_runbooks_command_moves_dead_letters_back(brokers: LocalBrokers) -> None:
    runbook = (ROOT / "runbooks" / "rabbitmq-dead-letters.md").read_text(encoding="utf-8")
    found = re.search(r"shovel redrive \\\n\s+'(\{.+\})'", runbook)
    assert found is not None
    command = found[1].replace("amqp:///orders", "amqp:///shop").replace("invoices", "late")
    waiting = depth(brokers, "late-dlq")
    assert waiting == 1
    # Nothing expires on its way.
    brokers.control(brokers.names[0], "set_policy", "--vhost", "shop", "--apply-to", "queues", "late", "^late$", '{"max-length": 10}')
    brokers.control(brokers.names[0], "set_parameter", "--vhost", "shop", "shovel", "redrive", command)
    until(lambda: (depth(brokers, "late"), depth(brokers, "late-dlq")) == (waiting, 0), "the dead letters are not back")


def test_a_client_can_declare_nothing_and_reaches_nothing_but_its_own(brokers: LocalBrokers) -> None:
    attempts: tuple[Callable[[BlockingChannel], object], ...] = (
        lambda channel: channel.queue_declare("mine", durable=True),
        lambda channel: channel.basic_publish("", "orders", b"past the exchange"),
        lambda channel: channel.basic_get("orders"),
    )
    for refused in attempts:
        connection = brokers.connect("shop", PUBLISHER)
        channel = connection.channel()
        channel.confirm_delivery()
        with pytest.raises(ChannelClosedByBroker, match="ACCESS_REFUSED"):
            refused(channel)
        connection.close()


def test_the_metrics_that_alerts_ask_for_are_there(brokers: LocalBrokers) -> None:
    sums = brokers.metrics(brokers.names[0], "/metrics")
    for metric in (
        "rabbitmq_build_info",
        "rabbitmq_alarms_memory_used_watermark",
        "rabbitmq_alarms_free_disk_space_watermark",
        "rabbitmq_process_open_fds",
        "rabbitmq_process_max_fds",
        "erlang_vm_dist_node_state",
        "rabbitmq_global_messages_delivered_consume_manual_ack_total",
        "rabbitmq_global_messages_unroutable_dropped_total",
        "rabbitmq_global_messages_unroutable_returned_total",
        'rabbitmq_global_messages_dead_lettered_confirmed_total{queue_type="rabbit_quorum_queue",dead_letter_strategy="at_least_once"}',
        'rabbitmq_global_messages_dead_lettered_rejected_total{queue_type="rabbit_quorum_queue",dead_letter_strategy="disabled"}',
    ):
        assert re.search(f"^{re.escape(metric)}", sums, re.MULTILINE), metric
    query = "/metrics/detailed?family=queue_coarse_metrics&family=queue_consumer_count"
    queues = "".join(brokers.metrics(name, query) for name in brokers.names)
    for metric in ("messages", "messages_ready", "messages_unacked", "consumers"):
        lines = re.findall(rf'^rabbitmq_detailed_queue_{metric}{{vhost="shop",queue="orders"}}', queues, re.MULTILINE)
        # Its leader alone speaks of a queue.
        assert len(lines) == 1, metric
