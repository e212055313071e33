from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from components.backup.drill.arguments import RestoreDrillArgs
from components.backup.drill.drill import RestoreDrill
from components.backup.drill.pods import CLAIM, canary_spec, checker, footprint, job_spec, scratch_footprint, traffic, weekly_cron
from facts.quantity import parse_quantity
from tests.components.backup.examples import ARGS as VELERO
from tests.components.recorded import behind, of_type, option, the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ARGS = RestoreDrillArgs(
    settings=VELERO.settings,
    namespace="restore-drill",
    scratch="restore-scratch",
    velero="velero",
    storage_class="gp3-retain",
    addresses=VELERO.addresses,
    priority_class="platform",
    monitoring=VELERO.monitoring,
)
CONFIG = "kubernetes:core/v1:ConfigMap"
JOB = "kubernetes:batch/v1:CronJob"
RBAC = "kubernetes:rbac.authorization.k8s.io/v1"


def drill(preview: Preview, **changed: Any) -> Run:
    return preview(lambda: RestoreDrill("restore-drill", replace(ARGS, **changed)))


@pytest.fixture
def run(preview: Preview) -> Run:
    return drill(preview)


def pods() -> dict[str, dict[str, Any]]:
    return {
        "canary": canary_spec(ARGS)["template"]["spec"],
        "checker": checker(ARGS)["spec"],
        "job": job_spec(ARGS)["jobTemplate"]["spec"]["template"]["spec"],
    }


@pytest.mark.parametrize(("at", "cron"), [("tue:09:20", "20 9 * * 2"), ("sun:00:05", "5 0 * * 0"), ("sat:23:59", "59 23 * * 6")])
def test_it_runs_each_week_at_the_time_that_is_set(at: str, cron: str) -> None:
    assert weekly_cron(at) == cron
    settings = ARGS.settings.model_copy(update={"drill_at": at})
    spec = job_spec(replace(ARGS, settings=settings))
    assert (spec["schedule"], spec["timeZone"], spec["concurrencyPolicy"]) == (cron, "Etc/UTC", "Forbid")


def test_a_drill_that_failed_is_not_tried_again_before_somebody_has_seen_it() -> None:
    assert job_spec(ARGS)["jobTemplate"]["spec"]["backoffLimit"] == 0


@pytest.mark.parametrize("name", ["canary", "checker", "job"])
def test_its_pods_are_restricted_and_bounded(name: str) -> None:
    pod = pods()[name]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    assert container["image"].startswith("public.ecr.aws/docker/library/python:3.")


def test_only_the_job_has_a_way_to_the_kubernetes_api() -> None:
    assert {name: pod["automountServiceAccountToken"] for name, pod in pods().items()} == {"canary": False, "checker": False, "job": True}
    rules = {rule.name: rule for rule in traffic(ARGS)}
    assert rules["restore-drill-to-kubernetes-api"].pods["app.kubernetes.io/name"] == "restore-drill"


def test_whoever_writes_and_whoever_reads_the_canary_are_one_user() -> None:
    contexts = [pods()[name]["securityContext"] for name in ("canary", "checker")]
    assert contexts[0] == contexts[1]
    assert contexts[0]["fsGroup"] == contexts[0]["runAsUser"]


def test_the_claim_that_is_looked_at_is_the_one_that_the_canary_has() -> None:
    spec = canary_spec(ARGS)
    (template,) = spec["volumeClaimTemplates"]
    assert f"{template['metadata']['name']}-canary-0" == CLAIM
    assert template["spec"]["storageClassName"] == "gp3-retain"
    (volume,) = (each for each in checker(ARGS)["spec"]["volumes"] if each["name"] == "data")
    assert volume["persistentVolumeClaim"] == {"claimName": CLAIM}


def test_what_the_job_writes_down_is_neither_taken_back_nor_laid_down_beforehand(run: Run) -> None:
    result = the(run, CONFIG, "restore-drill-result")
    assert not result.inputs.get("data")
    assert option(result, "ignore_changes") == ["data"]
    (volume,) = (each for each in canary_spec(ARGS)["template"]["spec"]["volumes"] if each["name"] == "result")
    assert volume["configMap"]["name"] == result.inputs["metadata"]["name"]


def test_the_job_goes_behind_its_rights_and_their_bounds(run: Run) -> None:
    before = behind(run, the(run, JOB, "restore-drill-job"))
    bounds = the(run, "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding", "restore-drill-bounds-in-force")
    assert {bounds.urn, the(run, f"{RBAC}:ClusterRoleBinding", "restore-drill-binding-volumes").urn} <= before


def test_it_may_do_nothing_but_what_a_drill_does(run: Run) -> None:
    rules = {each.inputs["metadata"]["namespace"]: each.inputs["rules"] for each in of_type(run, f"{RBAC}:Role")}
    assert {namespace: sorted(resource for rule in of for resource in rule["resources"]) for namespace, of in rules.items()} == {
        "velero": ["backups", "restores"],
        "restore-scratch": ["persistentvolumeclaims", "pods"],
        "restore-drill": ["configmaps"],
    }
    assert rules["restore-drill"][0]["resourceNames"] == ["restore-drill-result"]
    (cluster_wide,) = of_type(run, f"{RBAC}:ClusterRole")
    assert cluster_wide.inputs["rules"] == [{"apiGroups": [""], "resources": ["persistentvolumes"], "verbs": ["get", "patch"]}]
    assert not [rule for of in rules.values() for rule in of if "*" in (*rule["verbs"], *rule["resources"], *rule["apiGroups"])]


def test_there_is_room_for_the_canary_and_for_what_comes_back() -> None:
    volume = int(parse_quantity(canary_spec(ARGS)["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"]))
    assert footprint().storage >= 2 * volume
    assert (scratch_footprint().storage, scratch_footprint().claims, scratch_footprint().pods) == (volume, 1, 1)


def test_without_monitoring_nobody_is_told(preview: Preview) -> None:
    run = drill(preview, monitoring=None)
    assert not [each for each in run.resources if "monitoring.coreos.com" in each.type]


# -- what is mounted runs by itself ---------------------------------------------------------------------------------------------


def mounted(run: Run, role: str, folder: Path, volumes: list[dict[str, Any]]) -> Path:
    """The files as the kubelet lays them down for a pod."""
    data = the(run, CONFIG, f"restore-drill-{role}").inputs["data"]
    (volume,) = (each["configMap"] for each in volumes if each["name"] == "programs")
    for item in volume["items"]:
        (folder / item["path"]).parent.mkdir(parents=True, exist_ok=True)
        (folder / item["path"]).write_text(data[item["key"]])
    return folder


def start(folder: Path, container: dict[str, Any], **environment: str) -> subprocess.CompletedProcess[str]:
    """The container's command, alone in the world: without this repository, and with the standard library alone."""
    command = [sys.executable, "-S", *container["command"][1:]]
    told = {**{each["name"]: each["value"] for each in container["env"]}, "PYTHONPATH": str(folder), **environment}
    return subprocess.run(command, cwd=folder, env={**told, "PATH": os.defpath}, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 # our own


def test_the_checker_runs_from_what_is_mounted(run: Run, tmp_path: Path) -> None:
    pod = checker(ARGS)["spec"]
    folder = mounted(run, "scratch-programs", tmp_path, pod["volumes"])
    (container,) = pod["containers"]
    report = tmp_path / "report"
    container["command"] = [*container["command"][:-2], str(tmp_path), str(report)]
    ended = start(folder, container)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "no canary can be read" in json.loads(report.read_text())["problem"]


def test_the_job_runs_from_what_is_mounted(run: Run, tmp_path: Path) -> None:
    pod = pods()["job"]
    folder = mounted(run, "programs", tmp_path, pod["volumes"])
    (container,) = pod["containers"]
    (tmp_path / "checker.json").write_text(the(run, CONFIG, "restore-drill-programs").inputs["data"]["checker.json"])
    ended = start(
        folder, container, CHECKER=str(tmp_path / "checker.json"), KUBERNETES_SERVICE_HOST="127.0.0.1", KUBERNETES_SERVICE_PORT="1"
    )
    # It got as far as asking for its token: all of its environment is there, and the pod that it starts.
    assert "/var/run/secrets/kubernetes.io/serviceaccount" in ended.stdout + ended.stderr
    assert json.loads((tmp_path / "checker.json").read_text())["metadata"]["namespace"] == "restore-scratch"
