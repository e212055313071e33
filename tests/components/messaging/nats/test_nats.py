from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.messaging.nats.arguments import NatsArgs, NatsError
from components.messaging.nats.nats import Nats
from tests.components.messaging.nats.examples import ARGS, nats_args
from tests.components.recorded import of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run

    Preview = Callable[[Callable[[], object]], Run]

RELEASE = "kubernetes:helm.sh/v3:Release"
STREAM = "kubernetes:jetstream.nats.io/v1beta2:Stream"
CONSUMER = "kubernetes:jetstream.nats.io/v1beta2:Consumer"


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
    certificates = of_type(run, "kubernetes:cert-manager.io/v1:Certificate")
    own = {each.urn for each in certificates if each.inputs["metadata"]["namespace"] == "messaging"}
    clients = {each.urn for each in certificates} - own
    needed = set(the(run, RELEASE, "nats-servers").dependencies)
    assert (len(own), len(clients)) == (3, 1)
    assert own <= needed
    # Every stream is behind the servers: what they are behind is walked for each of them.
    assert clients.isdisjoint(needed)


def test_the_controller_starts_after_the_servers_and_creates_streams_before_their_consumers(run: Run) -> None:
    servers, controller = of_type(run, RELEASE)
    assert servers.urn in controller.dependencies
    streams = of_type(run, STREAM)
    assert len(streams) == 2
    assert all(controller.urn in stream.dependencies for stream in streams)
    (consumer,) = of_type(run, CONSUMER)
    assert {stream.urn for stream in streams} <= set(consumer.dependencies)


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


def test_without_monitoring_nothing_is_declared_that_its_operator_would_have_to_define(preview: Preview) -> None:
    run = nats(preview, replace(ARGS, monitoring=None))
    assert not [resource for resource in run.resources if "monitoring.coreos.com" in resource.type]
    assert not of_type(run, "kubernetes:core/v1:ConfigMap")
    assert not of_type(run, "kubernetes:core/v1:Service")
    assert the(run, RELEASE, "nats-servers").inputs["values"]["promExporter"] == {"enabled": False}


def test_clients_learn_where_to_connect(preview: Preview) -> None:
    made: list[Nats] = []
    preview(lambda: made.append(Nats("nats", ARGS)))
    assert made[0].url == "tls://nats.messaging.svc:4222"


def test_names_that_only_look_alike_when_joined_do_not_collide(preview: Preview) -> None:
    stream = {"maxAge": "1d", "maxBytes": "1Gi"}
    run = nats(
        preview,
        nats_args(
            streams={
                "a": {**stream, "subjects": ["one"], "consumers": {"b-c": {}}},
                "a-b": {**stream, "subjects": ["two"], "consumers": {"c": {}}},
            },
            clients={"b-c": {"namespace": "a"}, "c": {"namespace": "a-b"}},
        ),
    )
    assert {consumer.inputs["metadata"]["name"] for consumer in of_type(run, CONSUMER)} == {"a.b-c", "a-b.c"}
    assert len(of_type(run, "kubernetes:cert-manager.io/v1:Certificate")) == 5


def test_what_a_stream_depends_on_does_not_grow_with_what_the_component_is_behind(preview: Preview) -> None:
    def many() -> None:
        core = kubernetes.core.v1
        behind: list[pulumi.Resource] = [core.Namespace(f"n{number}", metadata={"name": f"n{number}"}) for number in range(50)]
        Nats("nats", ARGS, pulumi.ResourceOptions(depends_on=behind))

    run = preview(many)
    assert all(len(resource.dependencies) <= 2 for resource in (*of_type(run, STREAM), *of_type(run, CONSUMER)))


def test_a_controller_that_could_not_reach_the_kubernetes_api_is_refused() -> None:
    with pytest.raises(NatsError, match="kubernetes_api is empty"):
        replace(ARGS, addresses=replace(ARGS.addresses, kubernetes_api=()))
