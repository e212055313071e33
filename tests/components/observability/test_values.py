from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from components.models.recovery import RecoveryTargets
from components.observability.model import RoutingSettings, SecretKeySettings
from components.observability.routing import render_alertmanager_config
from components.observability.values import render_stack_values
from tests.components.observability.stacks import ARGS, SETTINGS, stack_args

ROUTING = SETTINGS.routing
HEARTBEAT = SecretKeySettings(secret="alertmanager-heartbeat", key="url")  # noqa: S106 # the name of a secret


def values(**settings: Any) -> dict[str, Any]:
    return render_stack_values(stack_args(**settings))


def routes(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {route["receiver"]: route for route in config["route"]["routes"]}


def receivers(config: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {receiver["name"]: receiver for receiver in config["receivers"]}


def test_metrics_declare_what_their_loss_may_cost_where_they_are_backed_up() -> None:
    declared = RecoveryTargets.model_validate({"rpo": "1h", "rto": "4h"})
    rendered = render_stack_values(replace(stack_args(), recovery=declared))
    assert rendered["prometheus"]["annotations"] == {"platform/rpo": "1h", "platform/rto": "4h"}
    assert values()["prometheus"]["annotations"] == {}


def test_metrics_are_kept_as_long_as_asked_and_never_fill_the_volume() -> None:
    spec = values()["prometheus"]["prometheusSpec"]
    assert (spec["retention"], spec["retentionSize"]) == ("720h", f"{160 * 1024}MiB")
    claim = spec["storageSpec"]["volumeClaimTemplate"]["spec"]
    assert (claim["storageClassName"], claim["resources"]["requests"]["storage"]) == ("gp3-retain", "200Gi")


@pytest.mark.parametrize("kind", ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"])
def test_what_components_declare_is_found_in_every_namespace(kind: str) -> None:
    assert values()["prometheus"]["prometheusSpec"][f"{kind}SelectorNilUsesHelmValues"] is False


def test_two_replicas_stand_apart_and_are_not_evicted_together() -> None:
    rendered = values()
    for part, spec in (("prometheus", "prometheusSpec"), ("alertmanager", "alertmanagerSpec")):
        assert rendered[part][spec]["replicas"] == 2
        assert rendered[part][spec]["podAntiAffinity"] == "hard"
        (spread,) = rendered[part][spec]["topologySpreadConstraints"]
        assert spread["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": part}
        assert rendered[part]["podDisruptionBudget"] == {
            "enabled": True,
            "minAvailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
        }


def test_one_replica_has_no_disruption_budget_that_would_block_its_node() -> None:
    rendered = values(replicas=1)
    assert rendered["prometheus"]["podDisruptionBudget"]["enabled"] is False
    assert "podAntiAffinity" not in rendered["alertmanager"]["alertmanagerSpec"]


def test_grafana_has_no_known_password_and_lets_nobody_in_without_one() -> None:
    grafana = values()["grafana"]
    assert not {"adminPassword", "admin"} & set(grafana)
    assert grafana["grafana.ini"]["auth.anonymous"] == {"enabled": False}
    assert values(grafana_admin_secret="grafana-admin")["grafana"]["admin"] == {"existingSecret": "grafana-admin"}  # noqa: S106 # a name


def test_grafana_never_runs_as_root_and_reads_only_its_own_namespace() -> None:
    grafana = values()["grafana"]
    assert grafana["initChownData"] == {"enabled": False}
    assert grafana["securityContext"]["runAsNonRoot"] is True
    assert grafana["rbac"] == {"namespaced": True}
    assert grafana["sidecar"]["dashboards"] == {"searchNamespace": "observability", "resource": "configmap"}


def test_only_the_node_exporter_lives_where_host_namespaces_are_allowed() -> None:
    assert values()["prometheus-node-exporter"]["namespaceOverride"] == "node-agents"


def test_exporters_are_replaced_on_a_quarter_of_the_nodes_at_a_time() -> None:
    strategy = values()["prometheus-node-exporter"]["updateStrategy"]
    assert strategy == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%"}}


def test_what_a_managed_control_plane_hides_is_not_scraped() -> None:
    rendered = values()
    assert [rendered[part]["enabled"] for part in ("kubeControllerManager", "kubeScheduler", "kubeEtcd", "kubeProxy")] == [False] * 4
    assert rendered["kubelet"] == {"enabled": True}
    assert rendered["kubeStateMetrics"] == {"enabled": True}


def test_the_definitions_are_left_to_their_own_release() -> None:
    assert values()["crds"] == {"enabled": False}


def test_the_admission_webhook_has_a_certificate_of_the_platforms_issuer() -> None:
    webhooks = values()["prometheusOperator"]["admissionWebhooks"]
    assert webhooks["certManager"]["issuerRef"] == {"name": "platform-ca", "kind": "ClusterIssuer", "group": "cert-manager.io"}


def test_images_come_from_the_registry_that_is_asked_for() -> None:
    assert "global" not in values()
    assert render_stack_values(replace(ARGS, image_registry="registry.example.org"))["global"] == {"imageRegistry": "registry.example.org"}


def test_every_pod_has_the_priority_class() -> None:
    rendered = values()
    parts = (
        rendered["prometheus"]["prometheusSpec"],
        rendered["alertmanager"]["alertmanagerSpec"],
        rendered["prometheusOperator"],
        rendered["grafana"],
        rendered["kube-state-metrics"],
        rendered["prometheus-node-exporter"],
    )
    assert [part["priorityClassName"] for part in parts] == ["platform"] * 6


def test_grafana_runs_the_plugins_of_its_image_and_fetches_none() -> None:
    ini = values()["grafana"]["grafana.ini"]
    assert ini["plugins"] == {"preinstall_disabled": True, "preinstall_auto_update": False, "plugin_admin_enabled": False}
    assert ini["analytics"]["check_for_plugin_updates"] is False


def test_the_alert_that_always_fires_is_sent_every_minute_to_who_notices_when_it_stops() -> None:
    config = render_alertmanager_config(RoutingSettings(heartbeat=HEARTBEAT))
    first = config["route"]["routes"][0]
    assert first == {
        "receiver": "heartbeat",
        "matchers": ['alertname="Watchdog"'],
        "group_wait": "0s",
        "group_interval": "1m",
        "repeat_interval": "50s",
    }
    assert receivers(config)["heartbeat"]["webhook_configs"] == [
        {"url_file": "/etc/alertmanager/secrets/alertmanager-heartbeat/url", "send_resolved": False}
    ]


def test_without_a_heartbeat_the_alert_that_always_fires_bothers_nobody() -> None:
    first = render_alertmanager_config(ROUTING)["route"]["routes"][0]
    assert first == {"receiver": "null", "matchers": ['alertname="Watchdog"']}


def test_alertmanager_mounts_the_secrets_that_its_receivers_read() -> None:
    assert values()["alertmanager"]["alertmanagerSpec"]["secrets"] == ["alertmanager-pagerduty", "alertmanager-slack"]
    config = render_alertmanager_config(ROUTING)
    paged, told = receivers(config)["pager"]["pagerduty_configs"][0], receivers(config)["slack"]["slack_configs"][0]
    assert paged["routing_key_file"] == "/etc/alertmanager/secrets/alertmanager-pagerduty/routing-key"
    assert told["api_url_file"] == "/etc/alertmanager/secrets/alertmanager-slack/url"
    assert not {"routing_key", "service_key"} & set(paged)
    assert "api_url" not in told


def told(config: dict[str, Any], **alert: str) -> list[str]:
    """The receivers that Alertmanager tells: of the root route only what no route below it takes."""
    receivers: list[str] = []
    for route in config["route"]["routes"]:
        matchers = (re.fullmatch(r'(\w+)(=~?)"(.*)"', matcher) for matcher in route.get("matchers", []))
        if all(each and re.fullmatch(each[3], alert.get(each[1], "")) for each in matchers):
            receivers.append(route["receiver"])
            if not route.get("continue"):
                break
    return receivers or [config["route"]["receiver"]]


def test_p1_pages_and_goes_on_to_slack() -> None:
    config = render_alertmanager_config(ROUTING)
    assert told(config, severity="P1", team="team_echo") == ["pager", "slack-team_echo"]
    assert told(config, severity="P1", team="platform_team") == ["pager", "slack"]
    assert told(config, severity="P2", team="platform_team") == ["slack"]
    assert told(render_alertmanager_config(RoutingSettings(pagerduty=ROUTING.pagerduty)), severity="P1") == ["pager"]


def test_a_teams_alerts_go_to_its_channel() -> None:
    config = render_alertmanager_config(ROUTING)
    assert routes(config)["slack-team_echo"]["matchers"] == ['team="team_echo"']
    assert receivers(config)["slack-team_echo"]["slack_configs"][0]["channel"] == "#echo"
    assert config["route"]["receiver"] == "slack"


def test_without_receivers_nothing_is_mounted_and_nobody_is_told() -> None:
    config = render_alertmanager_config(RoutingSettings())
    assert config["route"]["receiver"] == "null"
    assert list(receivers(config)) == ["null"]
    assert RoutingSettings().secrets == []


def test_every_route_leads_to_a_receiver() -> None:
    for routing in (
        RoutingSettings(),
        RoutingSettings(slack=ROUTING.slack),
        RoutingSettings(pagerduty=ROUTING.pagerduty),
        RoutingSettings(heartbeat=HEARTBEAT),
        ROUTING,
    ):
        config = render_alertmanager_config(routing)
        assert {config["route"]["receiver"], *routes(config)} == set(receivers(config)) | {"null"}


def test_alerts_are_grouped_and_the_less_urgent_are_inhibited() -> None:
    config = render_alertmanager_config(ROUTING)
    assert config["route"]["group_by"] == ["alertname", "namespace", "team"]
    # Labels that both lack count as equal: without these matchers a P1 alert about no volume would
    # silence every other alert.
    by_volume = [rule for rule in config["inhibit_rules"] if "persistentvolumeclaim" in rule["equal"]]
    assert all('persistentvolumeclaim=~".+"' in rule[side] for rule in by_volume for side in ("source_matchers", "target_matchers"))
