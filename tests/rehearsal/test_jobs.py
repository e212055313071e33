from __future__ import annotations

from typing import Any

from rehearsal.api import Answer
from rehearsal.applying import Applied
from rehearsal.jobs import run_cron_jobs
from tests.rehearsal.clusters import MemoryApi

POD = {"spec": {"containers": [{"name": "one", "image": "registry.k8s.io/pause:3.10"}]}}
CRON_JOB = {
    "metadata": {"name": "backup", "namespace": "messaging"},
    "spec": {
        "schedule": "0 3 * * *",
        "jobTemplate": {
            "metadata": {"labels": {"app": "backup"}},
            "spec": {"backoffLimit": 1, "ttlSecondsAfterFinished": 0, "template": POD},
        },
    },
}


def test_every_cron_job_runs_once() -> None:
    made: list[Any] = []

    def remember(method: str, path: str, body: Any) -> Answer | None:
        made.append((method, path, body))
        return None

    applied = Applied()
    run_cron_jobs(MemoryApi(remember, cronjobs=[CRON_JOB]), applied)
    ((method, path, job),) = made
    assert (method, path) == ("POST", "/apis/batch/v1/namespaces/messaging/jobs")
    assert job["metadata"] == {"labels": {"app": "backup"}, "name": "backup-rehearsed"}
    assert job["spec"] == {"backoffLimit": 1, "template": POD}
    assert applied.refused == []


def test_a_job_that_is_refused_is_told_with_its_cron_job() -> None:
    def refuse(method: str, *_: Any) -> Answer | None:
        return Answer(status=403, body={"message": "exceeded quota"}) if method == "POST" else None

    applied = Applied()
    run_cron_jobs(MemoryApi(refuse, cronjobs=[CRON_JOB]), applied)
    (refused,) = applied.refused
    assert (refused.kind, refused.origin, refused.message) == ("Job", "CronJob backup", "exceeded quota")
