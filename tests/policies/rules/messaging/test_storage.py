from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policies.model import Rule
from policies.rules.storage.claims import (
    CLAIM_TYPE,
    MONITORING_TYPES,
    RABBITMQ_TYPE,
    ApprovedClasses,
    claims_survive_their_stateful_set,
    volumes_name_approved_storage_class,
)
from policies.rules.storage.classes import storage_class_allows_expansion, storage_class_encrypts_volumes, storage_class_retains_volumes
from policies.values import UNKNOWN
from tests.policies.rules.judging import PRODUCTION, STAGING, changed, judge, only, resource, undecided, urn_of
from tests.policies.rules.messaging.fixtures import RELEASE, RULES, STATEFUL_SET, STORAGE_CLASS, STORAGE_CLASS_TYPE

RETAINED = resource(STORAGE_CLASS_TYPE, STORAGE_CLASS, "fast")
AZURE_CLASS: dict[str, Any] = {
    "metadata": {"name": "premium"},
    "provisioner": "disk.csi.azure.com",
    "allowVolumeExpansion": True,
    "reclaimPolicy": "Retain",
    "parameters": {"skuName": "Premium_LRS"},
}
DATABASE: dict[str, Any] = {
    "metadata": {"name": "redis", "namespace": "cache"},
    "spec": {
        "template": {"spec": {"containers": [{"name": "redis", "image": "redis:7.4.1"}]}},
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {"storageClassName": "fast"}}],
    },
}
RABBITMQ: dict[str, Any] = {"metadata": {"name": "bus"}, "spec": {"persistence": {"storage": "100Gi", "storageClassName": "fast"}}}
PROMETHEUS: dict[str, Any] = {"spec": {"storage": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}}}}
STACK: dict[str, Any] = {
    "chart": "kube-prometheus-stack",
    "values": {
        "prometheus": {
            "prometheusSpec": {
                "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain"},
                "storageSpec": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}},
            }
        },
        "alertmanager": {"alertmanagerSpec": {"storage": {"volumeClaimTemplate": {"spec": {"storageClassName": "fast"}}}}},
        "thanosRuler": {"enabled": False, "thanosRulerSpec": {"storage": {"volumeClaimTemplate": {"spec": {}}}}},
        "grafana": {"persistence": {"enabled": True, "storageClassName": "gp3-retain"}},
    },
}
TEMPLATE = "volumeClaimTemplate/spec/storageClassName"


@pytest.mark.parametrize(
    ("path", "value", "rule", "where"),
    [
        ("allowVolumeExpansion", False, storage_class_allows_expansion, "allowVolumeExpansion = false"),
        ("allowVolumeExpansion", None, storage_class_allows_expansion, "allowVolumeExpansion = not set"),
        ("reclaimPolicy", "Delete", storage_class_retains_volumes, "reclaimPolicy = 'Delete'"),
        ("reclaimPolicy", None, storage_class_retains_volumes, "reclaimPolicy = not set"),
        ("parameters/encrypted", "false", storage_class_encrypts_volumes, "parameters.encrypted = 'false'"),
        ("parameters/encrypted", None, storage_class_encrypts_volumes, "parameters.encrypted = not set"),
        ("parameters", None, storage_class_encrypts_volumes, "parameters.encrypted = not set"),
    ],
)
def test_one_broken_field_of_a_class_is_the_one_violation(path: str, value: Any, rule: Rule, where: str) -> None:
    storage_class = resource(STORAGE_CLASS_TYPE, changed(STORAGE_CLASS, path, value), "fast")
    # The claim of the class is not held against the StatefulSet as well.
    only(judge(RULES, storage_class, resource(STATEFUL_SET, DATABASE)), rule, where)


def test_volumes_may_go_with_their_claims_outside_production() -> None:
    storage_class = resource(STORAGE_CLASS_TYPE, changed(STORAGE_CLASS, "reclaimPolicy", "Delete"))
    assert judge(RULES, storage_class, resource(STATEFUL_SET, DATABASE), facts=STAGING) == []


def test_azure_disks_are_encrypted_whatever_the_class_says() -> None:
    storage_class = resource(STORAGE_CLASS_TYPE, AZURE_CLASS)
    assert judge(RULES, storage_class) == []
    only(
        judge(RULES, resource(STORAGE_CLASS_TYPE, changed(AZURE_CLASS, "allowVolumeExpansion", None))),
        storage_class_allows_expansion,
        "not set",
    )


@pytest.mark.parametrize("path", ["allowVolumeExpansion", "reclaimPolicy", "parameters/encrypted", "provisioner"])
def test_what_is_unknown_of_a_class_is_undecided(path: str) -> None:
    storage_class = resource(STORAGE_CLASS_TYPE, changed(STORAGE_CLASS, path, UNKNOWN))
    assert judge(RULES, storage_class) == []
    assert undecided(storage_class) == [path.replace("/", ".")]


GOOD = [
    (STATEFUL_SET, DATABASE),
    (CLAIM_TYPE, {"spec": {"storageClassName": "fast"}}),
    (CLAIM_TYPE, {"spec": {"volumeName": "pv-1", "storageClassName": ""}}),
    (RABBITMQ_TYPE, RABBITMQ),
    (RABBITMQ_TYPE, changed(RABBITMQ, "spec/persistence", {"storage": "0"})),
    *((monitoring, PROMETHEUS) for monitoring in MONITORING_TYPES),
    (MONITORING_TYPES[0], {"spec": {}}),
    (RELEASE, STACK),
    (RELEASE, {"chart": "velero", "values": {"storageClass": "STANDARD_IA"}}),
    (RELEASE, {"chart": "longhorn", "values": {"persistence": {"defaultClass": True, "reclaimPolicy": "Retain"}}}),
    (RELEASE, {"chart": "rabbitmq", "values": {"global": {"storageClass": "fast"}, "persistence": {"enabled": True}}}),
    (RELEASE, {"chart": "tempo", "values": {"persistence": {"enabled": True, "existingClaim": "tempo"}}}),
    (RELEASE, {"chart": "tempo", "values": {"persistence": {"enabled": False, "storageClassName": "gp2"}}}),
    (RELEASE, {"chart": "nginx"}),
]


@pytest.mark.parametrize(("resource_type", "properties"), GOOD)
def test_volumes_of_an_approved_class_are_clean(resource_type: str, properties: dict[str, Any]) -> None:
    stateful = resource(resource_type, properties)
    assert judge(RULES, RETAINED, stateful) == []
    assert undecided(stateful) == []


@pytest.mark.parametrize(
    ("resource_type", "properties", "where"),
    [
        (STATEFUL_SET, changed(DATABASE, "spec/volumeClaimTemplates/0/spec/storageClassName", "standard"), "= 'standard'"),
        (STATEFUL_SET, changed(DATABASE, "spec/volumeClaimTemplates/0/spec/storageClassName", ""), "= ''"),
        (CLAIM_TYPE, {"spec": {"storageClassName": "standard"}}, "spec.storageClassName = 'standard'"),
        (CLAIM_TYPE, {"spec": {}}, "spec.storageClassName = not set"),
        (RABBITMQ_TYPE, changed(RABBITMQ, "spec/persistence/storageClassName", None), "persistence.storageClassName = not set"),
        (RABBITMQ_TYPE, changed(RABBITMQ, "spec/persistence", None), "persistence.storageClassName = not set"),
        *(
            (monitoring, changed(PROMETHEUS, f"spec/storage/{TEMPLATE}", None), "storageClassName = not set")
            for monitoring in MONITORING_TYPES
        ),
        (RELEASE, changed(STACK, f"values/prometheus/prometheusSpec/storageSpec/{TEMPLATE}", "gp2"), "storageSpec.volumeClaimTemplate"),
        (RELEASE, changed(STACK, f"values/prometheus/prometheusSpec/storageSpec/{TEMPLATE}", None), "storageClassName = not set"),
        (RELEASE, changed(STACK, f"values/alertmanager/alertmanagerSpec/storage/{TEMPLATE}", "gp2"), "alertmanagerSpec"),
        (RELEASE, changed(STACK, "values/thanosRuler/enabled", value=True), "thanosRulerSpec"),
        (RELEASE, changed(STACK, "values/grafana/persistence/storageClassName", "gp2"), "grafana.persistence.storageClassName = 'gp2'"),
        (RELEASE, changed(STACK, "values/grafana/persistence/storageClassName", None), "grafana.persistence.storageClassName = not set"),
        (
            RELEASE,
            {"chart": "loki", "values": {"singleBinary": {"persistence": {"storageClass": "gp2"}}}},
            "persistence.storageClass = 'gp2'",
        ),
        (RELEASE, {"chart": "agent", "values": {"volumeClaimTemplates": [{"spec": {}}]}}, "[0].spec.storageClassName = not set"),
        (RELEASE, {"chart": "rabbitmq", "values": {"global": {"storageClass": "gp2"}}}, "global.storageClass = 'gp2'"),
    ],
)
def test_a_volume_of_another_class_is_the_one_violation(resource_type: str, properties: dict[str, Any], where: str) -> None:
    stateful = resource(resource_type, properties)
    assert only(judge(RULES, RETAINED, stateful), volumes_name_approved_storage_class, where).urn == stateful.urn


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        (STATEFUL_SET, changed(DATABASE, "spec/persistentVolumeClaimRetentionPolicy", {"whenDeleted": "Delete"})),
        (MONITORING_TYPES[0], changed(PROMETHEUS, "spec/persistentVolumeClaimRetentionPolicy", {"whenDeleted": "Delete"})),
        (
            RABBITMQ_TYPE,
            changed(RABBITMQ, "spec/override/statefulSet/spec/persistentVolumeClaimRetentionPolicy", {"whenDeleted": "Delete"}),
        ),
        (RELEASE, changed(STACK, "values/prometheus/prometheusSpec/persistentVolumeClaimRetentionPolicy/whenDeleted", "Delete")),
    ],
)
def test_claims_that_go_with_their_stateful_set_are_the_one_violation(resource_type: str, properties: dict[str, Any]) -> None:
    only(judge(RULES, RETAINED, resource(resource_type, properties)), claims_survive_their_stateful_set, "whenDeleted = 'Delete'")


def test_a_chart_may_ask_for_it_in_its_own_words() -> None:
    properties = {"chart": "loki", "values": {"singleBinary": {"persistence": {"enableStatefulSetAutoDeletePVC": True}}}}
    only(judge(RULES, resource(RELEASE, properties)), claims_survive_their_stateful_set, "enableStatefulSetAutoDeletePVC = true")
    kept = changed(properties, "values/singleBinary/persistence/enableStatefulSetAutoDeletePVC", value=False)
    assert judge(RULES, resource(RELEASE, kept)) == []


def test_a_class_of_another_name_does_not_approve() -> None:
    only(judge(RULES, resource(STATEFUL_SET, DATABASE)), volumes_name_approved_storage_class, "storageClassName = 'fast'")


def test_the_packs_configuration_replaces_the_approved_names() -> None:
    facts = replace(PRODUCTION, settings={ApprovedClasses: ApprovedClasses.model_validate({"storageClasses": ["fast"]})})
    assert judge(RULES, resource(STATEFUL_SET, DATABASE), facts=facts) == []
    preset = changed(DATABASE, "spec/volumeClaimTemplates/0/spec/storageClassName", "gp3-retain")
    assert judge(RULES, resource(STATEFUL_SET, preset)) == []
    only(judge(RULES, resource(STATEFUL_SET, preset), facts=facts), volumes_name_approved_storage_class, "'gp3-retain'")


def test_a_reference_to_a_class_of_the_stack_is_decided_by_the_dependency() -> None:
    referring = changed(DATABASE, "spec/volumeClaimTemplates/0/spec/storageClassName", UNKNOWN)
    stateful = resource(STATEFUL_SET, referring, depends_on=[urn_of(STORAGE_CLASS_TYPE, "fast")])
    assert judge(RULES, RETAINED, stateful) == []
    assert undecided(stateful) == []
    alone = resource(STATEFUL_SET, referring)
    assert judge(RULES, alone) == []
    assert undecided(alone) == ["spec.volumeClaimTemplates[0].spec.storageClassName"]


def test_a_missing_class_is_refused_in_spite_of_a_dependency() -> None:
    properties = changed(DATABASE, "spec/volumeClaimTemplates/0/spec/storageClassName", None)
    stateful = resource(STATEFUL_SET, properties, depends_on=[urn_of(STORAGE_CLASS_TYPE, "fast")])
    only(judge(RULES, RETAINED, stateful), volumes_name_approved_storage_class, "not set")
