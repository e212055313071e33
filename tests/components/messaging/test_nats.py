from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from components.messaging.access import NatsClient
from components.messaging.nats import Nats, NatsArgs, NatsError
from components.messaging.sizing import SizingError
from components.messaging.streams import Consumer, Stream
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run

    Preview = Callable[[Callable[[], object]], Run]

RELEASE = "kubernetes:helm.sh/v3:Release"
STREAM = "kubernetes:jetstream.nats.io/v1beta2:Stream"
CONSUMER = "kubernetes:jetstream.nats.io/v1beta2:Consumer"
ORDERS = Stream(
    name="orders",
    subjects=("orders.>",),
    max_age=timedelta(days=7),
    max_bytes="100Gi",
    replicas=3,
    consumers=(Consumer(name="shipping"),),
)
ARGS = NatsArgs(
    namespace="messaging",
    servers=3,
    volume="500Gi",
    storage_class="gp3-retain",
    cpu="2",
    memory="4Gi",
    zero_loss=True,
    zone_spread=True,
    retain=True,
    issuer="platform-ca",
    api_server_cidrs=("10.20.0.0/16",),
    runbook_base_url="https://runbooks.example.org",
    clients=(NatsClient(name="orders", namespace="shop", publishes=("orders.>",)),),
    streams=(ORDERS,),
)


def nats(preview: Preview, args: NatsArgs = ARGS) -> Run:
    return preview(lambda: Nats("nats", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return nats(preview)


def test_servers_and_controller_are_installed_by_their_charts_at_exact_versions(run: Run) -> None:
    servers, controller = of_type(run, RELEASE)
    assert (servers.inputs["chart"], servers.inputs["version"]) == ("nats", "2.14.2")
    assert (controller.inputs["chart"], controller.inputs["version"]) == ("nack", "0.34.0")
    assert servers.inputs["timeout"] == 600 + 3 * (120 + 910)
    assert servers.inputs["atomic"] is False
    assert servers.inputs["values"]["config"]["jetstream"]["merge"]["sync_interval"] == "always"


def test_the_servers_start_once_their_certificates_are_issued(run: Run) -> None:
    issued = {certificate.urn for certificate in of_type(run, "kubernetes:cert-manager.io/v1:Certificate")}
    assert len(issued) == 4
    assert issued <= set(the(run, RELEASE, "nats-servers").dependencies)


def test_the_controller_starts_after_the_servers_and_creates_streams_before_their_consumers(run: Run) -> None:
    servers, controller = of_type(run, RELEASE)
    assert servers.urn in controller.dependencies
    streams = {stream.urn for stream in of_type(run, STREAM)}
    assert len(streams) == 2
    (consumer,) = of_type(run, CONSUMER)
    assert streams | {controller.urn} <= set(consumer.dependencies)


def test_what_holds_messages_is_protected_where_it_shall_be_retained(preview: Preview) -> None:
    run = nats(preview)
    for resource in (*of_type(run, STREAM), *of_type(run, CONSUMER), the(run, RELEASE, "nats-servers")):
        assert option(resource, "protect") is True
    assert all(stream.inputs["spec"]["preventDelete"] is True for stream in of_type(run, STREAM))


def test_what_holds_messages_can_be_thrown_away_in_dev(preview: Preview) -> None:
    run = nats(preview, replace(ARGS, retain=False))
    assert not any(option(resource, "protect") for resource in of_type(run, STREAM))
    assert all(stream.inputs["spec"]["preventDelete"] is False for stream in of_type(run, STREAM))


def test_prometheus_finds_the_exporter_of_every_server_even_of_one_that_is_not_ready(run: Run) -> None:
    (service,) = of_type(run, "kubernetes:core/v1:Service")
    (monitor,) = of_type(run, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor")
    wanted = monitor.inputs["spec"]["selector"]["matchLabels"]
    assert wanted.items() <= service.inputs["metadata"]["labels"].items()
    assert monitor.inputs["spec"]["endpoints"][0]["port"] in [port["name"] for port in service.inputs["spec"]["ports"]]
    assert service.inputs["spec"]["publishNotReadyAddresses"] is True
    assert the(run, RELEASE, "nats-servers").inputs["values"]["promExporter"]["enabled"] is True


def test_alerts_link_their_runbooks(run: Run) -> None:
    (rule,) = of_type(run, "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    alerts = {alert["alert"]: alert for group in rule.inputs["spec"]["groups"] for alert in group["rules"]}
    assert alerts["NatsClusterWithoutLeader"]["for"] == "30s"
    assert alerts["NatsClusterWithoutLeader"]["annotations"]["runbook_url"] == "https://runbooks.example.org/nats-without-leader.md"


def test_the_dashboard_shows_queues_and_dead_letters(run: Run) -> None:
    (config,) = of_type(run, "kubernetes:core/v1:ConfigMap")
    assert config.inputs["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert config.inputs["metadata"]["namespace"] == "observability"
    panels: list[dict[str, Any]] = json.loads(config.inputs["data"]["nats.json"])["panels"]
    queries = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    assert "nats_consumer_num_pending" in queries
    assert '"' + ".+-dlq" + '"' in queries
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels]
    assert len(places) == len(set(places))


def test_servers_and_controller_have_their_ways_through_the_default_deny_before_they_start(run: Run) -> None:
    policies = of_type(run, "kubernetes:networking.k8s.io/v1:NetworkPolicy")
    names = {policy.inputs["metadata"]["name"] for policy in policies}
    assert {"allow-nats-servers", "allow-nats-from-shop", "allow-nats-controller", "allow-nats-toolbox"} <= names
    assert {policy.urn for policy in policies} <= set(the(run, RELEASE, "nats-servers").dependencies)


def test_clients_learn_where_to_connect(preview: Preview) -> None:
    made: list[Nats] = []
    preview(lambda: made.append(Nats("nats", ARGS)))
    assert made[0].url == "tls://nats.messaging.svc:4222"


@pytest.mark.parametrize("servers", [0, 2, 4])
def test_servers_that_add_no_quorum_are_refused(servers: int) -> None:
    with pytest.raises(NatsError, match="write 1, or 3, 5"):
        replace(ARGS, servers=servers, streams=())


def test_a_drain_that_the_server_refuses_is_refused() -> None:
    with pytest.raises(NatsError, match="less than 30 seconds"):
        replace(ARGS, drain=timedelta(seconds=29))


def test_a_controller_that_could_not_reach_the_kubernetes_api_is_refused() -> None:
    with pytest.raises(NatsError, match="api_server_cidrs is empty"):
        replace(ARGS, api_server_cidrs=())


def test_streams_that_do_not_fit_on_the_volumes_are_refused() -> None:
    with pytest.raises(SizingError, match="enlarge the volumes"):
        replace(ARGS, volume="100Gi")
