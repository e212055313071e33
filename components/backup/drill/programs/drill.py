"""Restore the newest backup of the canary into another namespace, look at what came back, and say how it went.

Everything that it has to know is in the environment, and in a file the pod that looks at the canary.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from components.backup.drill.programs.api import Api, Object

ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount")
PREFIX: Final = "restore_drill"
POLL_SECONDS: Final = 5
_FAILED: Final = frozenset(
    {"Failed", "PartiallyFailed", "FailedValidation", "FinalizingPartiallyFailed", "WaitingForPluginOperationsPartiallyFailed"}
)


class DrillError(Exception):
    """Why the drill failed, for whoever reads the log of the job."""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where everything is.

    Attributes:
        velero: the namespace of backups and restores.
        source: that of the canary, and of the ConfigMap that ``result`` names.
        scratch: whither it is restored; nothing else is in it.
        claim: the canary's claim of a volume.
        result: the ConfigMap that holds what the last drill found, as metrics.
    """

    velero: str
    source: str
    scratch: str
    claim: str
    result: str

    @property
    def backups(self) -> str:
        """The collection of backups."""
        return f"/apis/velero.io/v1/namespaces/{self.velero}/backups"

    @property
    def restores(self) -> str:
        """That of restores."""
        return f"/apis/velero.io/v1/namespaces/{self.velero}/restores"

    @property
    def pods(self) -> str:
        """That of the pods beside what is restored."""
        return f"/api/v1/namespaces/{self.scratch}/pods"

    @property
    def claims(self) -> str:
        """That of what is restored."""
        return f"/api/v1/namespaces/{self.scratch}/persistentvolumeclaims"

    @property
    def results(self) -> str:
        """The ConfigMap."""
        return f"/api/v1/namespaces/{self.source}/configmaps/{self.result}"


@dataclass(frozen=True, kw_only=True)
class Drill:
    """One run: ``patience`` is how many seconds each wait may take."""

    api: Api
    places: Places
    checker: Mapping[str, Any]
    patience: float
    poll: float = POLL_SECONDS

    def run(self) -> int:
        """Do it, leave nothing behind, and record how it went; 1 if it failed."""
        began = time.time()
        found = {"last_run_timestamp_seconds": began, "succeeded": 0.0}
        try:
            self.clear()
            written = self.restore(began)
            found |= {"succeeded": 1.0, "duration_seconds": time.time() - began, "data_age_seconds": began - written}
            found["last_success_timestamp_seconds"] = time.time()
            say(f"restored in {found['duration_seconds']:.0f} s what was written {found['data_age_seconds']:.0f} s before")
        except (DrillError, OSError, KeyError, ValueError) as problem:
            say(f"the drill failed: {problem}")
        try:
            self.clear()
        except (DrillError, OSError) as problem:
            # What stays is in nobody's way until the next drill clears it; but it is not well.
            say(f"what was restored is still there: {problem}")
            found["succeeded"] = 0.0
        self.record(found)
        return 0 if found["succeeded"] else 1

    def restore(self, began: float) -> float:
        """When the canary that came back was written, in seconds since 1970."""
        places = self.places
        backup = self.newest_backup()
        name = f"restore-drill-{int(began)}"
        say(f"restoring {backup} as {name}")
        self.api.call("POST", places.restores, restore_of(backup, name, places))
        self.wait(lambda: self.restored(name) or self.api.find(f"{places.claims}/{places.claim}") is not None, "the claim to be restored")
        # A volume is made where its first pod is: without one the restore would wait for ever.
        self.api.call("POST", places.pods, self.checker)
        self.wait(lambda: self.restored(name), f"restore {name} to be complete")
        return self.look()

    def newest_backup(self) -> str:
        """The name of the newest complete backup that holds the canary."""
        complete = [each for each in self.api.items(self.places.backups) if each.get("status", {}).get("phase") == "Completed"]
        mine = [each for each in complete if holds(each, self.places.source)]
        if not mine:
            raise DrillError(f"none of {len(complete)} complete backups holds namespace {self.places.source}")
        newest = max(mine, key=lambda each: str(each["status"]["startTimestamp"]))
        return str(newest["metadata"]["name"])

    def restored(self, name: str) -> bool:
        """Whether the restore is complete.

        Raises:
            DrillError: it failed.
        """
        status = (self.api.find(f"{self.places.restores}/{name}") or {}).get("status", {})
        if status.get("phase") in _FAILED:
            raise DrillError(
                f"restore {name} is {status['phase']}: {status.get('failureReason') or status.get('validationErrors') or 'see its log'}"
            )
        return bool(status.get("phase") == "Completed")

    def look(self) -> float:
        """What the pod that looks at the canary found."""
        name, ended = str(self.checker["metadata"]["name"]), list[Object]()

        def has_ended() -> bool:
            pod = self.api.find(f"{self.places.pods}/{name}") or {}
            if pod.get("status", {}).get("phase") in {"Succeeded", "Failed"}:
                ended.append(pod)
            return bool(ended)

        self.wait(has_ended, f"pod {name} to look at the canary")
        report = json.loads(message_of(ended[0]) or "{}")
        if "writtenAt" in report:
            return float(report["writtenAt"])
        if "problem" in report:
            raise DrillError(f"what came back is not the canary: {report['problem']}")
        # Evicted, or out of memory: it has not looked.
        said = ended[0]["status"].get("message") or "it says nothing"
        raise DrillError(f"pod {name} ended before it looked at the canary: {said}")

    def clear(self) -> None:
        """Remove what a drill restored, with the volumes, whose class may retain them."""
        for pod in self.api.items(self.places.pods):
            self.api.remove(f"{self.places.pods}/{pod['metadata']['name']}")
        for claim in self.api.items(self.places.claims):
            volume = claim.get("spec", {}).get("volumeName")
            held = self.api.find(f"/api/v1/persistentvolumes/{volume}") if volume else None
            if held is not None and held["spec"].get("claimRef", {}).get("namespace") == self.places.scratch:
                self.api.call("PATCH", f"/api/v1/persistentvolumes/{volume}", {"spec": {"persistentVolumeReclaimPolicy": "Delete"}})
            self.api.remove(f"{self.places.claims}/{claim['metadata']['name']}")
        self.wait(lambda: not self.api.items(self.places.pods) and not self.api.items(self.places.claims), "the namespace to be empty")

    def record(self, found: Mapping[str, float]) -> None:
        """Leave the figures for Prometheus; those of the last success stay after a failure."""
        before = (self.api.find(self.places.results) or {}).get("data") or {}
        figures = {**parse(before.get("metrics", "")), **{f"{PREFIX}_{name}": value for name, value in found.items()}}
        text = "".join(f"{name} {value}\n" for name, value in sorted(figures.items()))
        self.api.call("PATCH", self.places.results, {"data": {"metrics": text}})

    def wait(self, reached: Callable[[], bool], what: str) -> None:
        """Wait until it is reached.

        Raises:
            DrillError: patience is at its end.
        """
        last = time.monotonic() + self.patience
        while not reached():
            if time.monotonic() > last:
                raise DrillError(f"waited {self.patience:.0f} s for {what}")
            time.sleep(self.poll)


def holds(backup: Mapping[str, Any], namespace: str) -> bool:
    """Whether the backup is of this namespace, or of all."""
    spec = backup.get("spec", {})
    included = spec.get("includedNamespaces") or ["*"]
    return ("*" in included or namespace in included) and namespace not in (spec.get("excludedNamespaces") or [])


def message_of(pod: Mapping[str, Any]) -> str:
    """What the container of a pod left when it ended; a pod that was evicted may have none."""
    (container, *_) = pod["status"].get("containerStatuses") or [{}]
    return str(container.get("state", {}).get("terminated", {}).get("message") or "")


def restore_of(backup: str, name: str, places: Places) -> Object:
    """The Restore of the canary's volume, and of nothing else, into the other namespace."""
    return {
        "apiVersion": "velero.io/v1",
        "kind": "Restore",
        "metadata": {"name": name, "namespace": places.velero},
        "spec": {
            "backupName": backup,
            "includedNamespaces": [places.source],
            "includedResources": ["persistentvolumeclaims", "persistentvolumes"],
            "namespaceMapping": {places.source: places.scratch},
            "restorePVs": True,
        },
    }


def parse(text: str) -> dict[str, float]:
    """The figures of a text that Prometheus reads."""
    return {name: float(value) for name, _, value in (line.partition(" ") for line in text.splitlines()) if value}


def say(what: str) -> None:
    """Write a line to the log of the pod."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main(environment: Mapping[str, str]) -> int:
    """Run the drill as the environment tells."""
    host, port = environment["KUBERNETES_SERVICE_HOST"], environment["KUBERNETES_SERVICE_PORT"]
    api = Api(address=f"https://{host}:{port}", token=ACCOUNT / "token", authority=ACCOUNT / "ca.crt")
    places = Places(
        velero=environment["VELERO_NAMESPACE"],
        source=environment["SOURCE_NAMESPACE"],
        scratch=environment["SCRATCH_NAMESPACE"],
        claim=environment["CLAIM"],
        result=environment["RESULT"],
    )
    checker = json.loads(Path(environment["CHECKER"]).read_text())
    return Drill(api=api, places=places, checker=checker, patience=float(environment["PATIENCE_SECONDS"])).run()


if __name__ == "__main__":
    sys.exit(main(os.environ))
