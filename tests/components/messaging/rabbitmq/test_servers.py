from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from components.messaging.rabbitmq.arguments import RabbitmqError, RabbitmqServersArgs
from components.messaging.rabbitmq.servers import RabbitmqServers
from tests.components.messaging.rabbitmq.examples import SERVERS, settings
from tests.components.recorded import behind, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

CLUSTER = "kubernetes:rabbitmq.com/v1beta1:RabbitmqCluster"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"
BUDGET = "kubernetes:policy/v1:PodDisruptionBudget"


def servers(preview: Preview, args: RabbitmqServersArgs = SERVERS) -> Run:
    return preview(lambda: RabbitmqServers("rabbitmq", args))


@pytest.fixture
def run(preview: Preview) -> Run:
    return servers(preview)


@pytest.fixture
def spec(run: Run) -> dict[str, Any]:
    (cluster,) = of_type(run, CLUSTER)
    found: dict[str, Any] = cluster.inputs["spec"]
    return found


def lines(spec: dict[str, Any]) -> dict[str, str]:
    return dict(line.split(" = ") for line in spec["rabbitmq"]["additionalConfig"].splitlines())


def test_the_servers_keep_what_they_hold_on_expandable_volumes(run: Run, spec: dict[str, Any]) -> None:
    assert spec["persistence"] == {"storageClassName": "gp3-retain", "storage": "100Gi"}
    retained = spec["override"]["statefulSet"]["spec"]["persistentVolumeClaimRetentionPolicy"]
    assert retained == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    assert option(the(run, CLUSTER, "rabbitmq-cluster"), "protect") is True


def test_a_queue_that_is_declared_without_a_word_is_a_quorum_queue_on_three_servers(spec: dict[str, Any]) -> None:
    given = lines(spec)
    assert given["default_queue_type"] == "quorum"
    assert given["quorum_queue.continuous_membership_reconciliation.target_group_size"] == "3"


def test_publishers_are_blocked_before_a_volume_or_the_memory_is_full(spec: dict[str, Any]) -> None:
    given = lines(spec)
    assert int(given["disk_free_limit.absolute"]) == 10 * 2**30
    assert given["vm_memory_high_watermark.relative"] == "0.6"
    assert int(given["raft.wal_max_size_bytes"]) == 512 * 2**20
    assert spec["resources"]["requests"]["memory"] == spec["resources"]["limits"]["memory"] == "4Gi"


@pytest.mark.parametrize(("memory", "log"), [("1Gi", 128), ("2Gi", 256), ("16Gi", 512)])
def test_the_log_in_memory_is_smaller_where_there_is_little_of_it(preview: Preview, memory: str, log: int) -> None:
    (cluster,) = of_type(servers(preview, replace(SERVERS, settings=settings(memory=memory))), CLUSTER)
    assert lines(cluster.inputs["spec"])["raft.wal_max_size_bytes"] == str(log * 2**20)


def test_nobody_speaks_to_a_server_without_tls(run: Run, spec: dict[str, Any]) -> None:
    assert spec["tls"] == {"secretName": "rabbitmq-server-tls", "disableNonTLSListeners": True}
    assert spec["rabbitmq"]["envConfig"].count("-proto_dist inet_tls -ssl_dist_optfile /etc/rabbitmq/inter-node-tls.config") == 2
    (container,) = spec["override"]["statefulSet"]["spec"]["template"]["spec"]["containers"]
    assert "/etc/rabbitmq/inter-node-tls.config" in {mount["mountPath"] for mount in container["volumeMounts"]}
    options = the(run, "kubernetes:core/v1:ConfigMap", "rabbitmq-inter-node-tls").inputs["data"]["inter-node-tls.config"]
    assert options.count("{verify, verify_peer}") == 2
    assert "{fail_if_no_peer_cert, true}" in options


def test_the_certificate_names_the_service_and_every_server(run: Run) -> None:
    (certificate,) = of_type(run, "kubernetes:cert-manager.io/v1:Certificate")
    names = certificate.inputs["spec"]["dnsNames"]
    assert {"rabbitmq", "rabbitmq.messaging.svc", "*.rabbitmq-nodes.messaging"} <= set(names)
    # A wildcard stands for a whole first label, and never for a name of one.
    assert all(name.count(".") >= 2 for name in names if name.startswith("*"))
    assert {"server auth", "client auth"} <= set(certificate.inputs["spec"]["usages"])


def test_servers_are_kept_apart_and_taken_one_after_another(run: Run, spec: dict[str, Any]) -> None:
    pod = spec["override"]["statefulSet"]["spec"]["template"]["spec"]
    spread = {each["topologyKey"]: each["whenUnsatisfiable"] for each in pod["topologySpreadConstraints"]}
    assert spread == {"topology.kubernetes.io/zone": "DoNotSchedule", "kubernetes.io/hostname": "DoNotSchedule"}
    assert spec["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    budget = the(run, BUDGET, "rabbitmq-budget").inputs["spec"]
    assert (budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]) == (1, "AlwaysAllow")
    assert budget["selector"]["matchLabels"]["app.kubernetes.io/name"] == "rabbitmq"


def test_a_server_has_ten_minutes_to_hand_over_and_a_single_one_does_not_hold_up_a_drain(preview: Preview, spec: dict[str, Any]) -> None:
    assert spec["terminationGracePeriodSeconds"] == 600
    (alone,) = of_type(servers(preview, replace(SERVERS, settings=settings(nodes=1, storage="200Gi"))), CLUSTER)
    assert alone.inputs["spec"]["terminationGracePeriodSeconds"] == 120
    pod = alone.inputs["spec"]["override"]["statefulSet"]["spec"]["template"]["spec"]
    assert pod["topologySpreadConstraints"][0]["whenUnsatisfiable"] == "ScheduleAnyway"


def test_it_says_what_recovery_achieves_and_whose_declarations_it_takes(run: Run) -> None:
    annotations = the(run, CLUSTER, "rabbitmq-cluster").inputs["metadata"]["annotations"]
    assert (annotations["platform/rpo"], annotations["platform/rto"]) == ("0s", "5m")
    assert annotations["rabbitmq.com/topology-allowed-namespaces"] == "billing,shop"
    assert annotations["pulumi.com/waitFor"] == "condition=AllReplicasReady"


def test_all_that_the_operator_counts_on_is_written_because_its_definition_brings_no_defaults(spec: dict[str, Any]) -> None:
    assert {"replicas", "image", "resources", "persistence", "service", "terminationGracePeriodSeconds"} <= set(spec)


def test_the_servers_start_once_operator_certificate_and_options_are_there(run: Run) -> None:
    needed = set(the(run, CLUSTER, "rabbitmq-cluster").dependencies)
    assert the(run, DEPLOYMENT, "rabbitmq-operator").urn in needed
    assert {each.urn for each in of_type(run, "kubernetes:cert-manager.io/v1:Certificate")} <= behind(
        run, the(run, CLUSTER, "rabbitmq-cluster")
    )
    assert the(run, "kubernetes:core/v1:ConfigMap", "rabbitmq-inter-node-tls").urn in needed


def test_the_operator_watches_its_namespace_alone_and_has_rights_nowhere_else(run: Run) -> None:
    (container,) = the(run, DEPLOYMENT, "rabbitmq-operator").inputs["spec"]["template"]["spec"]["containers"]
    environment = {each["name"]: each.get("value") for each in container["env"]}
    assert environment["OPERATOR_SCOPE_NAMESPACE"] == "messaging"
    assert environment["ENABLE_WEBHOOKS"] == "false"
    assert not [resource for resource in run.resources if "ClusterRole" in resource.type]
    assert {role.inputs["metadata"]["namespace"] for role in of_type(run, "kubernetes:rbac.authorization.k8s.io/v1:Role")} == {"messaging"}


def test_the_operator_can_check_the_servers_that_it_asks(run: Run) -> None:
    """It asks each for its version and quorum by the management, at whatever it changes."""
    pod = the(run, DEPLOYMENT, "rabbitmq-operator").inputs["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    (mount,) = container["volumeMounts"]
    assert [each["secret"]["secretName"] for each in pod["volumes"]] == ["rabbitmq-server-tls"]
    environment = {each["name"]: each.get("value") for each in container["env"]}
    assert environment["SSL_CERT_DIR"].split(":") == ["/etc/ssl/certs", mount["mountPath"]]
    (certificate,) = of_type(run, "kubernetes:cert-manager.io/v1:Certificate")
    assert "*.rabbitmq-nodes.messaging.svc" in certificate.inputs["spec"]["dnsNames"]
    assert certificate.urn in the(run, DEPLOYMENT, "rabbitmq-operator").dependencies


def test_the_operator_may_give_servers_what_it_gives_them(run: Run) -> None:
    """The Kubernetes API refuses a role with rights that whoever makes it lacks."""
    (role,) = of_type(run, "kubernetes:rbac.authorization.k8s.io/v1:Role")
    held = {
        (group, resource, verb)
        for rule in role.inputs["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert {("", "endpoints", "get"), ("", "events", "create")} <= held


def test_pods_of_the_operator_are_restricted_probed_and_spread(run: Run) -> None:
    deployment = the(run, DEPLOYMENT, "rabbitmq-operator").inputs["spec"]
    pod = deployment["template"]["spec"]
    (container,) = pod["containers"]
    assert deployment["replicas"] == 2
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {"livenessProbe", "readinessProbe", "resources"} <= set(container)
    assert deployment["selector"]["matchLabels"].items() <= deployment["template"]["metadata"]["labels"].items()
    assert the(run, BUDGET, "rabbitmq-operator-budget").inputs["spec"]["selector"]["matchLabels"] == deployment["selector"]["matchLabels"]


def test_a_single_operator_has_no_budget_which_would_hold_up_its_node(preview: Preview) -> None:
    assert [each.name for each in of_type(servers(preview, replace(SERVERS, standby_replicas=1)), BUDGET)] == ["rabbitmq-budget"]


def test_prometheus_reads_sums_and_queues_by_tls(run: Run) -> None:
    (monitor,) = of_type(run, "kubernetes:monitoring.coreos.com/v1:ServiceMonitor")
    sums, queues = monitor.inputs["spec"]["endpoints"]
    assert (sums["path"], queues["path"]) == ("/metrics", "/metrics/detailed")
    assert queues["params"] == {"family": ["queue_coarse_metrics", "queue_consumer_count"]}
    # Two targets of one server would otherwise be one.
    assert queues["relabelings"] == [{"sourceLabels": ["__metrics_path__"], "targetLabel": "metrics_path"}]
    for endpoint in (sums, queues):
        assert endpoint["scheme"] == "https"
        assert endpoint["tlsConfig"]["ca"]["secret"] == {"name": "rabbitmq-server-tls", "key": "ca.crt"}
        assert endpoint["tlsConfig"]["serverName"] == "rabbitmq"
    (service,) = of_type(run, "kubernetes:core/v1:Service")
    assert service.inputs["spec"]["publishNotReadyAddresses"] is True
    assert [port["port"] for port in service.inputs["spec"]["ports"]] == [15691]


def test_every_queue_of_the_settings_has_an_alert_for_a_missing_leader(run: Run) -> None:
    (rule,) = of_type(run, "kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    alerts = {alert["alert"]: alert for group in rule.inputs["spec"]["groups"] for alert in group["rules"]}
    for queue in ("shipping", "shipping-dlq"):
        assert f'absent(rabbitmq_detailed_queue_messages{{vhost="shop", queue="{queue}"}})' in alerts["RabbitmqQueueWithoutLeader"]["expr"]


def test_without_monitoring_nothing_is_declared_that_its_operator_would_have_to_define(preview: Preview) -> None:
    run = servers(preview, replace(SERVERS, monitoring=None))
    assert not [resource for resource in run.resources if "monitoring.coreos.com" in resource.type]
    assert not of_type(run, "kubernetes:core/v1:Service")


def test_all_images_come_from_the_registry_that_is_named(preview: Preview) -> None:
    run = servers(preview, replace(SERVERS, image_registry="registry.example.com/mirror"))
    assert the(run, CLUSTER, "rabbitmq-cluster").inputs["spec"]["image"].startswith("registry.example.com/mirror/docker/library/rabbitmq:")
    (container,) = the(run, DEPLOYMENT, "rabbitmq-operator").inputs["spec"]["template"]["spec"]["containers"]
    assert container["image"].startswith("registry.example.com/mirror/rabbitmq/cluster-operator:")


def test_an_operator_that_could_not_reach_the_kubernetes_api_is_refused() -> None:
    with pytest.raises(RabbitmqError, match="kubernetes_api is empty"):
        replace(SERVERS, addresses=replace(SERVERS.addresses, kubernetes_api=()))
