from __future__ import annotations

import json
from typing import Any

import pytest

from components.backup.schedules import schedules
from components.backup.values import render_values
from components.storage.object_store import StoreSignIn
from tests.components.backup.examples import ELSEWHERE, velero_args

RESTRICTED = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}


def values(**changes: Any) -> dict[str, Any]:
    return render_values(velero_args(**changes))


def location(**changes: Any) -> dict[str, Any]:
    (found,) = values(**changes)["configuration"]["backupStorageLocation"]
    assert isinstance(found, dict)
    return found


def environment(**changes: Any) -> dict[str, Any]:
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in values(**changes)["configuration"]["extraEnvVars"]}


def agent_config() -> dict[str, Any]:
    config: dict[str, Any] = json.loads(values()["configMaps"]["node-agent"]["data"]["node-agent.json"])
    return config


def test_backups_go_below_the_name_of_the_cluster_into_the_store() -> None:
    found = location()
    assert (found["provider"], found["bucket"], found["prefix"]) == ("aws", "plinth-backups", "plinth-production")
    assert found["config"] == {"region": "eu-west-1"}
    assert found["default"] is True


def test_a_store_elsewhere_is_reached_by_its_address_with_keys_and_authority_from_secrets() -> None:
    config = location(store=ELSEWHERE)["config"]
    assert config == {"region": "us-east-1", "s3Url": "https://s3.example.com:9000", "s3ForcePathStyle": "true"}
    told = environment(store=ELSEWHERE)
    assert told["AWS_ACCESS_KEY_ID"] == {"secretKeyRef": {"name": "store", "key": "ID"}}
    assert told["AWS_SECRET_ACCESS_KEY"] == {"secretKeyRef": {"name": "store", "key": "KEY"}}


def test_pods_that_move_data_trust_the_authority_of_the_store_as_the_server_does() -> None:
    rendered = values(store=ELSEWHERE)
    directories = environment(store=ELSEWHERE)["SSL_CERT_DIR"].split(":")
    for part in (rendered, rendered["nodeAgent"]):
        (volume,) = part["extraVolumes"]
        (mount,) = part["extraVolumeMounts"]
        assert volume["secret"]["secretName"] == "store-authority"
        assert mount["name"] == volume["name"]
        assert mount["mountPath"] in directories
        assert "/etc/ssl/certs" in directories


def test_no_credentials_are_made_or_asked_for_where_pods_sign_in_as_themselves() -> None:
    assert values()["credentials"] == {"useSecret": False}
    assert set(environment()) == {"HOME"}


def test_pods_sign_in_by_the_annotations_and_labels_that_the_place_gives() -> None:
    sign_in = StoreSignIn(annotations={"azure.workload.identity/client-id": "id"}, labels={"azure.workload.identity/use": "true"})
    rendered = values(sign_in=sign_in)
    assert rendered["serviceAccount"]["server"] == {"name": "velero", "annotations": {"azure.workload.identity/client-id": "id"}}
    assert rendered["podLabels"] == rendered["nodeAgent"]["podLabels"] == {"azure.workload.identity/use": "true"}


def test_snapshots_are_moved_by_agents_that_need_nothing_of_their_hosts() -> None:
    rendered = values()
    assert (rendered["snapshotsEnabled"], rendered["deployNodeAgent"]) == (False, True)
    assert rendered["configuration"]["defaultSnapshotMoveData"] is True
    assert rendered["nodeAgent"]["disableHostPath"] is True


def test_agents_find_their_configuration_under_the_name_that_the_chart_gives_it() -> None:
    assert values()["nodeAgent"]["extraArgs"] == ["--node-agent-configmap=velero-node-agent"]
    assert "node-agent" in values()["configMaps"]


def test_a_claim_that_waits_for_its_first_pod_makes_no_backup_fail_in_part() -> None:
    (schedule, *_) = schedules(velero_args()).values()
    named = schedule.spec["template"]["resourcePolicy"]
    assert named["kind"] == "configmap"
    # The chart puts its own name before that of each ConfigMap; Velero refuses one of several keys.
    (content,) = values()["configMaps"][named["name"].removeprefix("velero-")]["data"].values()
    (policy,) = json.loads(content)["volumePolicies"]
    assert policy == {"conditions": {"pvcPhase": ["Pending"]}, "action": {"type": "skip"}}


def test_pods_that_move_data_and_those_that_tidy_up_are_bounded_and_wait_for_brokers() -> None:
    maintenance = values()["configuration"]["repositoryMaintenanceJob"]["repositoryConfigData"]["global"]
    for config in (agent_config(), maintenance):
        assert config["priorityClassName"] == "platform"
        assert config["podResources"]["memoryLimit"].endswith("Gi")
        # Zero is without a bound in Velero's words; left out, it would be refused.
        assert config["podResources"]["cpuLimit"] == "0"
    assert agent_config()["loadConcurrency"] == {"globalConfig": 1, "prepareQueueLength": 4}


@pytest.mark.parametrize("registry", [None, "registry.example.com/mirror"])
def test_all_images_come_from_one_registry_at_an_exact_version(registry: str | None) -> None:
    rendered = values(image_registry=registry)
    (plugin,) = rendered["initContainers"]
    prefix = registry or "docker.io"
    assert rendered["image"]["repository"] == f"{prefix}/velero/velero"
    assert rendered["image"]["tag"].count(".") == 2
    assert plugin["image"].startswith(f"{prefix}/velero/velero-plugin-for-aws:v1.14.")


def test_the_server_is_restricted_and_writes_to_volumes_alone() -> None:
    rendered = values()
    assert rendered["containerSecurityContext"] == RESTRICTED
    assert rendered["initContainers"][0]["securityContext"] == RESTRICTED
    assert rendered["podSecurityContext"]["runAsNonRoot"] is True
    # Its home is a volume: Kopia writes there, and the root is read-only.
    assert environment()["HOME"] == "/scratch"
