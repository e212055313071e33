from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.model import Rule
from policies.rules.messaging.durability import nats_flushes_before_acknowledging_where_rpo_is_zero, nats_keeps_streams_on_disk
from policies.rules.messaging.nats_servers import (
    nats_servers_form_odd_cluster,
    nats_servers_have_disruption_budget,
    nats_servers_spread_over_zones,
)
from policies.rules.messaging.nats_volume import nats_volume_holds_500gi
from policies.rules.storage.claims import claims_survive_their_stateful_set, volumes_name_approved_storage_class
from policies.values import UNKNOWN
from tests.policies.rules.judging import changed, judge, only, resource, undecided
from tests.policies.rules.messaging.fixtures import NATS_RELEASE, RELEASE, RULES, STREAM, STREAM_TYPE

CLAIM = "values/config/jetstream/fileStore/pvc"
SPREAD: dict[str, Any] = {"maxSkew": 1.0, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}


def broken(path: str, value: Any) -> dict[str, Any]:
    return changed(NATS_RELEASE, path, value)


def zone(field: str, value: Any) -> dict[str, Any]:
    constraint = {**SPREAD, field: value}
    return broken("values/podTemplate/topologySpreadConstraints", {"topology.kubernetes.io/zone": constraint})


@pytest.mark.parametrize("release_type", [RELEASE, "kubernetes:helm.sh/v4:Chart"])
def test_a_durable_release_is_clean(release_type: str) -> None:
    release, stream = resource(release_type, NATS_RELEASE), resource(STREAM_TYPE, STREAM)
    assert judge(RULES, release, stream) == []
    assert undecided(release, stream) == []


@pytest.mark.parametrize(
    ("properties", "rule", "where"),
    [
        (broken(f"{CLAIM}/size", "100Gi"), nats_volume_holds_500gi, "pvc.size = '100Gi'"),
        (broken(f"{CLAIM}/size", "499.9Gi"), nats_volume_holds_500gi, "pvc.size"),
        (broken(f"{CLAIM}/size", "500G"), nats_volume_holds_500gi, "pvc.size"),
        (broken(f"{CLAIM}/size", "plenty"), nats_volume_holds_500gi, "pvc.size"),
        (broken(f"{CLAIM}/size", None), nats_volume_holds_500gi, "pvc.size = not set"),
        (broken(f"{CLAIM}/enabled", value=False), nats_volume_holds_500gi, "pvc.enabled = false"),
        (
            broken(f"{CLAIM}/merge", {"spec": {"resources": {"requests": {"storage": "10Gi"}}}}),
            nats_volume_holds_500gi,
            "pvc.merge.spec.resources.requests.storage = '10Gi'",
        ),
        (
            broken(f"{CLAIM}/patch", [{"op": "replace", "path": "/spec/resources", "value": {"requests": {"storage": "10Gi"}}}]),
            nats_volume_holds_500gi,
            "pvc.patch[0].value.requests.storage = '10Gi'",
        ),
        (
            broken(
                "values/statefulSet/merge",
                {
                    "spec": {
                        "volumeClaimTemplates": [
                            {"spec": {"storageClassName": "gp3-retain", "resources": {"requests": {"storage": "1Gi"}}}}
                        ]
                    }
                },
            ),
            nats_volume_holds_500gi,
            "volumeClaimTemplates[0].spec.resources.requests.storage = '1Gi'",
        ),
        (broken("values/config/cluster/enabled", value=False), nats_servers_form_odd_cluster, "config.cluster.enabled = false"),
        (broken("values/config/cluster/enabled", None), nats_servers_form_odd_cluster, "config.cluster.enabled = not set"),
        (broken("values/config/cluster/replicas", 1.0), nats_servers_form_odd_cluster, "config.cluster.replicas = 1"),
        (broken("values/config/cluster/replicas", 2.0), nats_servers_form_odd_cluster, "config.cluster.replicas = 2"),
        (broken("values/config/cluster/replicas", "4"), nats_servers_form_odd_cluster, "config.cluster.replicas = '4'"),
        (broken("values/config/cluster/replicas", "three"), nats_servers_form_odd_cluster, "config.cluster.replicas"),
        (
            broken("values/statefulSet/merge", {"spec": {"replicas": 1.0}}),
            nats_servers_form_odd_cluster,
            "statefulSet.merge.spec.replicas = 1",
        ),
        (
            broken("values/statefulSet/patch", [{"op": "replace", "path": "/spec/replicas", "value": 2.0}]),
            nats_servers_form_odd_cluster,
            "statefulSet.patch[0].value = 2",
        ),
        (zone("whenUnsatisfiable", "ScheduleAnyway"), nats_servers_spread_over_zones, "whenUnsatisfiable = 'ScheduleAnyway'"),
        (zone("whenUnsatisfiable", None), nats_servers_spread_over_zones, "whenUnsatisfiable = not set"),
        (zone("maxSkew", 2.0), nats_servers_spread_over_zones, "maxSkew = 2"),
        (
            broken("values/podTemplate/topologySpreadConstraints", None),
            nats_servers_spread_over_zones,
            "topologySpreadConstraints = not set",
        ),
        (
            broken("values/podTemplate/topologySpreadConstraints", {"kubernetes.io/hostname": {"whenUnsatisfiable": "DoNotSchedule"}}),
            nats_servers_spread_over_zones,
            "topologySpreadConstraints = 1 key",
        ),
        (
            broken("values/podTemplate/merge", {"spec": {"topologySpreadConstraints": []}}),
            nats_servers_spread_over_zones,
            "podTemplate.merge.spec",
        ),
        (
            broken("values/podTemplate/patch", [{"op": "remove", "path": "/spec/topologySpreadConstraints"}]),
            nats_servers_spread_over_zones,
            "podTemplate.patch[0].value = not set",
        ),
        (
            broken("values/podDisruptionBudget/enabled", value=False),
            nats_servers_have_disruption_budget,
            "podDisruptionBudget.enabled = false",
        ),
        (broken("values/config/jetstream/fileStore/enabled", value=False), nats_keeps_streams_on_disk, "fileStore.enabled = false"),
        (
            broken("values/config/jetstream/merge/sync_interval", "2m"),
            nats_flushes_before_acknowledging_where_rpo_is_zero,
            "merge.sync_interval = '2m'",
        ),
        (
            broken("values/config/jetstream/merge", None),
            nats_flushes_before_acknowledging_where_rpo_is_zero,
            "merge.sync_interval = not set",
        ),
        (
            broken("values/config/merge", {"jetstream": {"sync_interval": "10s"}}),
            nats_flushes_before_acknowledging_where_rpo_is_zero,
            "config.merge.jetstream.sync_interval = '10s'",
        ),
        (broken(f"{CLAIM}/storageClassName", "gp2"), volumes_name_approved_storage_class, "pvc.storageClassName = 'gp2'"),
        (broken(f"{CLAIM}/storageClassName", None), volumes_name_approved_storage_class, "pvc.storageClassName = not set"),
        (
            broken(f"{CLAIM}/merge", {"spec": {"storageClassName": "gp2"}}),
            volumes_name_approved_storage_class,
            "pvc.merge.spec.storageClassName = 'gp2'",
        ),
        (
            broken("values/config/resolver", {"enabled": True}),
            volumes_name_approved_storage_class,
            "config.resolver.pvc.storageClassName = not set",
        ),
        (
            broken("values/statefulSet/merge", {"spec": {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}}}),
            claims_survive_their_stateful_set,
            "whenDeleted = 'Delete'",
        ),
    ],
)
def test_one_broken_field_is_the_one_violation(properties: dict[str, Any], rule: Rule, where: str) -> None:
    release, stream = resource(RELEASE, properties, "nats"), resource(STREAM_TYPE, STREAM)
    finding = only(judge(RULES, release, stream), rule, where)
    assert finding.urn in {None, release.urn}
    assert undecided(release, stream) == []


@pytest.mark.parametrize(
    "properties",
    [
        broken(f"{CLAIM}/size", "1Ti"),
        broken(f"{CLAIM}/enabled", None),
        broken(
            f"{CLAIM}/patch",
            [
                {"op": "add", "path": "/metadata/labels", "value": {}},
                {"op": "test", "path": "/spec/accessModes", "value": ["ReadWriteOnce"]},
            ],
        ),
        broken("values/config/cluster/replicas", None),
        broken("values/config/cluster/replicas", "5"),
        broken("values/podDisruptionBudget", None),
        broken("values/config/jetstream/fileStore/enabled", None),
        broken("values/config/jetstream/merge/sync_interval", "<< always >>"),
        broken("values/config/jetstream/patch", [{"op": "add", "path": "/sync_interval", "value": "Always"}]),
        changed(broken("values/config/jetstream/merge", None), "values/config/merge", {"jetstream": {"sync_interval": "always"}}),
        changed(zone("whenUnsatisfiable", "ScheduleAnyway"), "values/podTemplate/merge", {"spec": {"topologySpreadConstraints": [SPREAD]}}),
        changed(
            broken("values/podTemplate/topologySpreadConstraints", {"kubernetes.io/hostname": {"maxSkew": 1.0}}),
            "values/podTemplate/patch",
            [{"op": "add", "path": "/spec/topologySpreadConstraints/-", "value": SPREAD}],
        ),
        changed(zone("maxSkew", 2.0), "values/config/cluster/replicas", 5.0),
        zone("maxSkew", None),
        broken("values/config/jetstream/memoryStore", {"enabled": True}),
        broken("values/config/resolver", {"enabled": True, "pvc": {"enabled": False}}),
    ],
)
def test_other_ways_to_write_a_durable_release_are_clean(properties: dict[str, Any]) -> None:
    release, stream = resource(RELEASE, properties), resource(STREAM_TYPE, STREAM)
    assert judge(RULES, release, stream) == []
    assert undecided(release, stream) == []


def test_core_nats_needs_servers_but_no_volume() -> None:
    release = resource(RELEASE, broken("values/config/jetstream", None))
    assert judge(RULES, release) == []


def test_the_bare_chart_falls_short_of_every_clause_that_it_leaves_to_the_user() -> None:
    found = judge(RULES, resource(RELEASE, {"chart": "nats"}))
    assert {name for name, _ in found} == {nats_servers_form_odd_cluster.name, nats_servers_spread_over_zones.name}


@pytest.mark.parametrize(
    ("path", "noted"),
    [
        ("values", "values"),
        ("chart", "chart"),
        (f"{CLAIM}/size", "values.config.jetstream.fileStore.pvc.size"),
        ("values/config/cluster/replicas", "values.config.cluster.replicas"),
        ("values/podTemplate/topologySpreadConstraints", "values.podTemplate.topologySpreadConstraints"),
        ("values/podDisruptionBudget/enabled", "values.podDisruptionBudget.enabled"),
        ("values/config/jetstream/merge/sync_interval", "values.config.jetstream.merge.sync_interval"),
        (f"{CLAIM}/storageClassName", "values.config.jetstream.fileStore.pvc.storageClassName"),
    ],
)
def test_what_is_unknown_is_undecided_and_no_violation(path: str, noted: str) -> None:
    release, stream = resource(RELEASE, broken(path, UNKNOWN)), resource(STREAM_TYPE, STREAM)
    assert judge(RULES, release, stream) == []
    assert noted in undecided(release)


def test_an_unknown_size_hides_no_other_violation() -> None:
    release = resource(RELEASE, changed(broken(f"{CLAIM}/size", UNKNOWN), "values/config/cluster/replicas", 2.0))
    only(judge(RULES, release), nats_servers_form_odd_cluster, "config.cluster.replicas = 2")


@given(servers=st.integers(1, 7).map(lambda half: 2 * half + 1), skew=st.integers(1, 20))
def test_a_skew_is_refused_exactly_where_it_fits_all_servers_into_two_zones(servers: int, skew: int) -> None:
    fits = any(max(one, servers - one) <= skew for one in range(servers + 1))
    release = resource(RELEASE, changed(zone("maxSkew", float(skew)), "values/config/cluster/replicas", float(servers)))
    assert [name for name, _ in judge(RULES, release)] == ([nats_servers_spread_over_zones.name] if fits else [])
