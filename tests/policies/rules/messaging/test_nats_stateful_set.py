from __future__ import annotations

from typing import Any

import pytest

from policies.model import Resource, Rule
from policies.rules.messaging.durability import nats_flushes_before_acknowledging_where_rpo_is_zero
from policies.rules.messaging.nats_servers import (
    nats_servers_form_odd_cluster,
    nats_servers_have_disruption_budget,
    nats_servers_spread_over_zones,
)
from policies.rules.messaging.nats_volume import nats_volume_holds_500gi
from policies.rules.storage.claims import claims_survive_their_stateful_set, volumes_name_approved_storage_class
from policies.values import UNKNOWN
from tests.policies.rules.judging import changed, judge, only, resource, undecided
from tests.policies.rules.messaging.fixtures import (
    BUDGET,
    BUDGET_TYPE,
    CONFIG,
    CONFIG_MAP_TYPE,
    RULES,
    SERVERS,
    STATEFUL_SET,
    STREAM,
    STREAM_TYPE,
)

POD = "spec/template/spec"
SMALL = {"metadata": {"name": "tmp"}, "spec": {"storageClassName": "gp3-retain", "resources": {"requests": {"storage": "1Gi"}}}}


def stack(servers: Any = SERVERS, budget: Any = BUDGET, config: Any = CONFIG, stream: Any = STREAM) -> list[Resource]:
    return [
        resource(STATEFUL_SET, servers, "nats"),
        resource(BUDGET_TYPE, budget, "budget"),
        resource(CONFIG_MAP_TYPE, config, "config"),
        resource(STREAM_TYPE, stream, "orders"),
    ]


def broken(path: str, value: Any) -> dict[str, Any]:
    return changed(SERVERS, path, value)


def with_image(image: Any) -> dict[str, Any]:
    return broken(f"{POD}/containers/0/image", image)


def test_durable_plain_servers_are_clean() -> None:
    resources = stack()
    assert judge(RULES, *resources) == []
    assert undecided(*resources) == []


@pytest.mark.parametrize(
    "image",
    [
        "nats",
        "nats:2.14.2",
        "library/nats:2",
        "docker.io/library/nats:2.14.2",
        "registry.example:5000/mirror/nats:2.14.2-alpine",
        "nats@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "synadia/nats-server:2.14",
    ],
)
def test_a_server_is_recognised_by_its_image_in_any_registry(image: str) -> None:
    servers = changed(with_image(image), "spec/volumeClaimTemplates/0/spec/resources/requests/storage", "10Gi")
    only(judge(RULES, *stack(servers)), nats_volume_holds_500gi, "volumeClaimTemplates[0].spec.resources.requests.storage = '10Gi'")


@pytest.mark.parametrize("image", ["natsio/nats-box:0.19", "natsio/prometheus-nats-exporter:1", "natsio/jetstream-controller:1", "redis:7"])
def test_other_images_are_no_servers(image: str) -> None:
    servers = changed(with_image(image), "spec/volumeClaimTemplates/0/spec/resources/requests/storage", "10Gi")
    assert judge(RULES, *stack(changed(servers, "spec/replicas", 1.0))) == []


@pytest.mark.parametrize(
    ("properties", "rule", "where"),
    [
        (broken("spec/volumeClaimTemplates/0/spec/resources", None), nats_volume_holds_500gi, "storage = not set"),
        (broken("spec/volumeClaimTemplates", None), nats_volume_holds_500gi, "volumeClaimTemplates = not set"),
        (broken("spec/volumeClaimTemplates", []), nats_volume_holds_500gi, "volumeClaimTemplates = 0 elements"),
        (
            broken(
                "spec/volumeClaimTemplates",
                [changed(SMALL, "metadata/name", "js"), {**SERVERS["spec"]["volumeClaimTemplates"][0], "metadata": {"name": "other"}}],
            ),
            nats_volume_holds_500gi,
            "volumeClaimTemplates[0]",
        ),
        (broken("spec/replicas", 2.0), nats_servers_form_odd_cluster, "spec.replicas = 2"),
        (broken("spec/replicas", None), nats_servers_form_odd_cluster, "spec.replicas = not set"),
        (broken(f"{POD}/topologySpreadConstraints", None), nats_servers_spread_over_zones, "topologySpreadConstraints = not set"),
        (
            broken(f"{POD}/topologySpreadConstraints/1/whenUnsatisfiable", "ScheduleAnyway"),
            nats_servers_spread_over_zones,
            "[1].whenUnsatisfiable",
        ),
        (
            broken(f"{POD}/topologySpreadConstraints/1/topologyKey", "rack"),
            nats_servers_spread_over_zones,
            "topologySpreadConstraints = 2 elements",
        ),
        (broken("spec/template/metadata/labels/app", "broker"), nats_servers_have_disruption_budget, "spec.template.metadata.labels"),
        (
            broken("spec/volumeClaimTemplates/0/spec/storageClassName", "gp2"),
            volumes_name_approved_storage_class,
            "storageClassName = 'gp2'",
        ),
        (
            broken("spec/volumeClaimTemplates/0/spec/storageClassName", None),
            volumes_name_approved_storage_class,
            "storageClassName = not set",
        ),
        (
            broken("spec/persistentVolumeClaimRetentionPolicy/whenDeleted", "Delete"),
            claims_survive_their_stateful_set,
            "whenDeleted = 'Delete'",
        ),
    ],
)
def test_one_broken_field_is_the_one_violation(properties: dict[str, Any], rule: Rule, where: str) -> None:
    finding = only(judge(RULES, *stack(properties)), rule, where)
    assert finding.urn is None or finding.urn.endswith("::nats")


@pytest.mark.parametrize(
    "properties",
    [
        broken("spec/persistentVolumeClaimRetentionPolicy", None),
        broken("spec/volumeClaimTemplates", [SMALL, *SERVERS["spec"]["volumeClaimTemplates"]]),
        changed(
            broken(f"{POD}/containers/0/volumeMounts", None), "spec/volumeClaimTemplates", [SMALL, *SERVERS["spec"]["volumeClaimTemplates"]]
        ),
        broken(f"{POD}/containers/0/args", ["-c", "/etc/nats/nats.conf"]),
        broken(f"{POD}/containers/0/args", ["-js", "-sd", "/elsewhere"]),
        broken(f"{POD}/containers/0/args", ["-js", "-sd", "/data/jetstream"]),
    ],
)
def test_other_ways_to_write_durable_servers_are_clean(properties: dict[str, Any]) -> None:
    assert judge(RULES, *stack(properties)) == []


@pytest.mark.parametrize(
    ("path", "noted"),
    [
        (f"{POD}/containers/0/image", "spec.template.spec.containers[0].image"),
        ("spec/volumeClaimTemplates", "spec.volumeClaimTemplates"),
        ("spec/volumeClaimTemplates/0/spec/resources/requests/storage", "spec.volumeClaimTemplates[0].spec.resources.requests.storage"),
        ("spec/replicas", "spec.replicas"),
        (f"{POD}/topologySpreadConstraints/1/topologyKey", "spec.template.spec.topologySpreadConstraints[1].topologyKey"),
        ("spec/template/metadata/labels/app", "spec.template.metadata.labels.app"),
    ],
)
def test_what_is_unknown_is_undecided_and_no_violation(path: str, noted: str) -> None:
    resources = stack(broken(path, UNKNOWN))
    assert judge(RULES, *resources) == []
    assert noted in undecided(resources[0])


@pytest.mark.parametrize(
    "selector",
    [
        {},
        {"matchExpressions": [{"key": "app", "operator": "In", "values": ["nats", "other"]}]},
        {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["other"]}, {"key": "app", "operator": "Exists"}]},
        {"matchLabels": {"app": "nats"}, "matchExpressions": [{"key": "gone", "operator": "DoesNotExist"}]},
    ],
)
def test_a_budget_may_select_the_servers_in_any_way(selector: Any) -> None:
    assert judge(RULES, *stack(budget=changed(BUDGET, "spec/selector", selector))) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("spec/selector", None),
        ("spec/selector/matchLabels/app", "other"),
        ("spec/selector/matchLabels/tier", "one"),
        ("spec/selector", {"matchExpressions": [{"key": "app", "operator": "In", "values": ["other"]}]}),
        ("spec/selector", {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["nats"]}]}),
        ("spec/selector", {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}),
        ("spec/selector", {"matchExpressions": [{"key": "gone", "operator": "Exists"}]}),
        ("metadata/namespace", "other"),
    ],
)
def test_a_budget_of_something_else_does_not_cover_the_servers(path: str, value: Any) -> None:
    only(judge(RULES, *stack(budget=changed(BUDGET, path, value))), nats_servers_have_disruption_budget, "labels = 1 key")


def test_namespaces_unknown_at_preview_do_not_part_a_budget_from_its_servers() -> None:
    resources = stack(broken("metadata/namespace", UNKNOWN), changed(BUDGET, "metadata/namespace", UNKNOWN))
    assert judge(RULES, *resources) == []
    assert undecided(*resources) == []


def test_an_unknown_label_of_a_budget_is_undecided() -> None:
    resources = stack(budget=changed(BUDGET, "spec/selector/matchLabels/app", UNKNOWN))
    assert judge(RULES, *resources) == []
    assert undecided(*resources) == ["spec.selector.matchLabels.app"]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ('jetstream { "sync_interval": "always" }', True),
        ("jetstream {\n sync_interval = always\n}", True),
        ("jetstream {\n sync_interval always\n}", True),
        ("jetstream {\n # sync_interval: always\n}", False),
        ("jetstream {\n sync_interval: 2m // always\n}", False),
        ("jetstream: enabled", False),
        ("port: 4222", True),
    ],
)
def test_the_configuration_of_plain_servers_is_read_where_a_stream_claims_zero_loss(text: str, clean: bool) -> None:  # noqa: FBT001 # a column
    resources = stack(config=changed(CONFIG, "data", {"nats.conf": text}))
    found = judge(RULES, *resources)
    if clean:
        assert found == []
    else:
        assert only(found, nats_flushes_before_acknowledging_where_rpo_is_zero, 'data["nats.conf"]').urn == resources[2].urn


def test_a_configuration_is_found_by_the_dependency_where_its_name_is_unknown() -> None:
    _, budget, config, stream = stack(config=changed(changed(CONFIG, "metadata/name", UNKNOWN), "data/nats.conf", "jetstream {}"))
    servers = resource(STATEFUL_SET, SERVERS, "nats", depends_on=[config.urn])
    only(judge(RULES, servers, budget, config, stream), nats_flushes_before_acknowledging_where_rpo_is_zero, 'data["nats.conf"]')


def test_servers_whose_configuration_is_elsewhere_are_not_judged_on_it() -> None:
    assert judge(RULES, *stack(config=changed(CONFIG, "metadata/name", "unrelated"))) == []
