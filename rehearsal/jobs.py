"""Runs every CronJob once: its pods, their claims and the room for them are otherwise tried by nobody before their hour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rehearsal.api import Api
from rehearsal.applying import Applied
from rehearsal.report import Refusal

_SUFFIX: Final = "-rehearsed"


def run_cron_jobs(api: Api, applied: Applied) -> None:
    """Make a Job of each, as ``kubectl create job --from`` does, all at the same time; what is refused is added to ``applied``."""
    for each in api.items("batch/v1", "cronjobs"):
        namespace, name = each["metadata"]["namespace"], each["metadata"]["name"]
        answer = api.call("POST", f"/apis/batch/v1/namespaces/{namespace}/jobs", _job(each))
        if not answer.accepted:
            applied.refused.append(Refusal(kind="Job", namespace=namespace, name=name, origin=f"CronJob {name}", message=answer.message))


def _job(cron_job: Mapping[str, Any]) -> Mapping[str, Any]:
    template = cron_job["spec"]["jobTemplate"]
    # The name of a CronJob has 52 characters at most.
    metadata = {**template.get("metadata", {}), "name": f"{cron_job['metadata']['name']}{_SUFFIX}"}
    # One that removed itself could not be counted.
    spec = {key: value for key, value in template["spec"].items() if key != "ttlSecondsAfterFinished"}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": metadata, "spec": spec}
