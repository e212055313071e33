from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.messaging.nats.certificates import certificates
from components.messaging.nats.values import render_controller_values, render_nats_values
from tests.components.messaging.nats.examples import ARGS, nats_args

RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def values(**changes: Any) -> dict[str, Any]:
    return render_nats_values(nats_args(**changes))


def test_a_zero_loss_cluster_writes_to_disk_before_it_acknowledges() -> None:
    rendered = values()
    assert rendered["config"]["jetstream"]["merge"] == {"sync_interval": "always"}
    assert rendered["statefulSet"]["merge"]["metadata"]["annotations"] == {"platform/rpo": "0s", "platform/rto": "5m"}


def test_without_zero_loss_the_recovery_point_is_the_interval_of_flushing() -> None:
    rendered = values(rpo="2m")
    assert rendered["config"]["jetstream"]["merge"] == {"sync_interval": "2m"}
    assert rendered["statefulSet"]["merge"]["metadata"]["annotations"]["platform/rpo"] == "2m"


def test_messages_are_kept_on_a_retained_volume_of_which_jetstream_fills_85_percent() -> None:
    rendered = values()
    store = rendered["config"]["jetstream"]["fileStore"]
    assert store == {
        "enabled": True,
        "maxSize": "435200Mi",
        "pvc": {"enabled": True, "size": "500Gi", "storageClassName": "gp3-retain"},
    }
    assert rendered["config"]["jetstream"]["memoryStore"] == {"enabled": False}
    assert rendered["statefulSet"]["merge"]["spec"]["persistentVolumeClaimRetentionPolicy"] == {
        "whenDeleted": "Retain",
        "whenScaled": "Retain",
    }


def test_three_servers_form_a_cluster_over_three_zones_and_nodes() -> None:
    rendered = values()
    assert rendered["config"]["cluster"]["enabled"] is True
    assert rendered["config"]["cluster"]["replicas"] == 3
    assert rendered["podTemplate"]["topologySpreadConstraints"] == {
        "topology.kubernetes.io/zone": {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
        "kubernetes.io/hostname": {"maxSkew": 1, "whenUnsatisfiable": "DoNotSchedule"},
    }
    assert rendered["podTemplate"]["merge"]["spec"]["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]


def test_one_server_is_not_a_cluster_and_needs_no_zones() -> None:
    rendered = values(servers=1, streams={})
    assert rendered["config"]["cluster"]["enabled"] is False
    assert rendered["podTemplate"]["topologySpreadConstraints"]["topology.kubernetes.io/zone"]["whenUnsatisfiable"] == "ScheduleAnyway"


def test_one_server_at_a_time_may_be_evicted_and_one_that_is_not_ready_at_any_time() -> None:
    spec = values()["podDisruptionBudget"]["merge"]["spec"]
    assert spec == {"maxUnavailable": 1, "unhealthyPodEvictionPolicy": "AlwaysAllow"}


def test_a_pod_may_take_longer_to_end_than_its_drain_with_a_minute_for_its_stores() -> None:
    rendered = values()
    assert rendered["config"]["merge"]["lame_duck_duration"] == "60s"
    assert rendered["podTemplate"]["merge"]["spec"]["terminationGracePeriodSeconds"] == 120


def test_clients_and_peers_show_certificates_and_a_clients_is_its_user_name() -> None:
    config = values()["config"]
    assert config["nats"]["tls"]["merge"] == {"verify_and_map": True}
    assert config["cluster"]["tls"]["merge"] == {"verify": True}
    users = {user["user"] for user in config["merge"]["accounts"]["PLATFORM"]["users"]}
    assert users == {"jetstream-controller.messaging.nats", "orders.shop.nats"}
    assert config["merge"]["system_account"] in config["merge"]["accounts"]


def test_every_user_of_the_servers_is_in_some_certificate() -> None:
    accounts = values()["config"]["merge"]["accounts"]
    users = {user["user"] for account in accounts.values() for user in account["users"]}
    assert users <= {name for certificate in certificates(ARGS) for name in certificate.spec["dnsNames"]}


def test_certificates_cover_the_names_of_service_and_peers_and_are_renewed_in_time() -> None:
    server, *others = certificates(ARGS)
    assert {"nats.messaging.svc", "*.nats-headless.messaging.svc.cluster.local"} <= set(server.spec["dnsNames"])
    assert server.spec["usages"] == ["digital signature", "server auth", "client auth"]
    assert all("server auth" not in certificate.spec["usages"] for certificate in others)
    assert {certificate.spec["renewBefore"] for certificate in (server, *others)} == {"720h"}


def test_a_clients_certificate_lies_in_its_own_namespace() -> None:
    assert [(item.namespace, item.spec["secretName"]) for item in certificates(ARGS)] == [
        ("messaging", "nats-server-tls"),
        ("messaging", "jetstream-controller-nats-tls"),
        ("messaging", "nats-operator-nats-tls"),
        ("shop", "orders-nats-tls"),
    ]


@pytest.mark.parametrize("container", ["container", "reloader", "promExporter"])
def test_every_container_runs_restricted_and_within_limits(container: str) -> None:
    rendered = values()
    merge = rendered[container]["merge"]
    assert merge["securityContext"] == RESTRICTED
    resources = rendered[container].get("resources") or merge["resources"]
    assert resources["limits"]["memory"]
    assert resources["requests"]["cpu"]


def test_the_pod_runs_as_nobody_special_and_cannot_ask_the_kubernetes_api() -> None:
    rendered = values()
    spec = rendered["podTemplate"]["merge"]["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert spec["priorityClassName"] == "platform-critical"


def test_the_servers_collector_knows_of_nine_tenths_of_the_memory_limit() -> None:
    assert values(memory="4Gi")["container"]["env"] == {"GOMEMLIMIT": "3686MiB"}


def test_every_image_comes_from_the_registry_that_is_asked_for() -> None:
    mirrored = replace(ARGS, image_registry="registry.example.org")
    rendered = render_nats_values(mirrored)
    # The chart puts it before the images of server, reloader and exporter alike, as far as none
    # names its own.
    assert rendered["global"] == {"image": {"registry": "registry.example.org"}}
    assert not any("registry" in rendered[container].get("image", {}) for container in ("container", "reloader", "promExporter"))
    # Docker Hub alone knows its official images without this folder.
    assert rendered["container"]["image"]["repository"] == "library/nats"
    assert render_controller_values(mirrored)["jetstream"]["image"] == {"registry": "registry.example.org"}


def test_a_changed_setting_restarts_the_servers() -> None:
    assert values()["podTemplate"]["configChecksumAnnotation"] is True


def test_the_controller_has_a_certificate_probes_and_no_right_to_read_secrets() -> None:
    rendered = render_controller_values(ARGS)
    assert rendered["jetstream"]["tls"] == {"enabled": True, "secretName": "jetstream-controller-nats-tls"}
    assert rendered["jetstream"]["nats"] == {"url": "tls://nats.messaging.svc:4222"}
    assert rendered["jetstream"]["controlLoop"] is True
    assert rendered["namespaced"] is True
    assert "secrets" not in rendered["rbacRules"]
    assert rendered["containerSecurityContext"] == RESTRICTED
    assert rendered["priorityClassName"] == "platform-critical"
