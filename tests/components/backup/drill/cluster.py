"""A Kubernetes API on loopback with a Velero that restores, and a kubelet that runs the pod that looks at what came back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from components.backup.drill.programs.api import Api
from components.backup.drill.programs.drill import Drill, Places

PLACES: Final = Places(
    velero="velero", source="restore-drill", scratch="restore-scratch", claim="data-canary-0", result="restore-drill-result"
)
CHECKER: Final[dict[str, Any]] = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "checker", "namespace": "restore-scratch"}}
VOLUME: Final = "/api/v1/persistentvolumes/pvc-1"
_VELERO: Final = "/apis/velero.io/v1/namespaces/velero"


def backup(name: str, began: str, **changed: Any) -> dict[str, Any]:
    """A complete backup of all namespaces, with changes."""
    whole = {"spec": {"includedNamespaces": ["*"]}, "status": {"phase": "Completed", "startTimestamp": began}}
    return {"metadata": {"name": name}, **whole, **changed}


class FakeCluster:
    """Objects by their path, and what becomes of a restore.

    ``phase`` is what a restore ends as, ``report`` what the pod that looks at the canary says.
    """

    def __init__(self, *backups: dict[str, Any]) -> None:
        self.objects: dict[str, dict[str, Any]] = {f"{_VELERO}/backups/{each['metadata']['name']}": each for each in backups}
        self.objects[PLACES.results] = {"metadata": {"name": PLACES.result}}
        self.phase = "Completed"
        self.report: dict[str, Any] | None = {"writtenAt": 1_000_000_000.0}
        self.volume_of = PLACES.scratch
        self.calls: list[tuple[str, str]] = []
        self.stuck = False
        self.evicted = False

    def answer(self, method: str, path: str, body: dict[str, Any] | None) -> tuple[int, dict[str, Any]]:
        """The status and content of the answer."""
        self.calls.append((method, path))
        if method == "POST":
            return 201, self._create(path, body or {})
        found = self.objects.get(path)
        if method == "GET" and found is None and path.rpartition("/")[2] in {"backups", "pods", "persistentvolumeclaims"}:
            return 200, {"items": [each for at, each in self.objects.items() if at.rpartition("/")[0] == path]}
        if found is None:
            return 404, {"kind": "Status"}
        if method == "DELETE" and not self.stuck:
            del self.objects[path]
        if method == "PATCH":
            found.update({key: {**found.get(key, {}), **value} for key, value in (body or {}).items()})
        return 200, found

    def _create(self, path: str, created: dict[str, Any]) -> dict[str, Any]:
        name = created["metadata"]["name"]
        self.objects[f"{path}/{name}"] = created
        if path == PLACES.restores:
            self._restore(created)
        if path == PLACES.pods:
            self._run(created)
        return created

    def _restore(self, restore: dict[str, Any]) -> None:
        restore["status"] = {"phase": "InProgress"}
        if self.phase != "Completed":
            restore["status"] = {"phase": self.phase, "failureReason": "no data"}
            return
        self.objects[f"{PLACES.claims}/{PLACES.claim}"] = {"metadata": {"name": PLACES.claim}, "spec": {"volumeName": "pvc-1"}}
        self.objects[VOLUME] = {
            "metadata": {"name": "pvc-1"},
            "spec": {"claimRef": {"namespace": self.volume_of}, "persistentVolumeReclaimPolicy": "Retain"},
        }

    def _run(self, pod: dict[str, Any]) -> None:
        # As on a class that waits for the first consumer: only now there is a volume to restore into.
        for path, each in self.objects.items():
            if path.startswith(f"{PLACES.restores}/"):
                each["status"] = {"phase": "Completed"}
        ended = {} if self.report is None else {"message": json.dumps(self.report)}
        if self.evicted:
            pod["status"] = {"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."}
            return
        pod["status"] = {"phase": "Succeeded", "containerStatuses": [{"state": {"terminated": ended}}]}

    @property
    def restores(self) -> list[dict[str, Any]]:
        """All that was asked to be restored."""
        return [each for path, each in self.objects.items() if path.startswith(f"{PLACES.restores}/")]

    @property
    def figures(self) -> dict[str, float]:
        """What Prometheus would read."""
        lines = self.objects[PLACES.results]["data"]["metrics"].splitlines()
        return {name.removeprefix("restore_drill_"): float(value) for name, value in (line.split(" ") for line in lines)}


@contextmanager
def drill_in(cluster: FakeCluster, tmp_path: Path, patience: float = 2) -> Iterator[Drill]:
    """The drill, whose API is this cluster."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            assert self.headers["Authorization"] == "Bearer token-of-the-pod"
            length = int(self.headers.get("Content-Length") or 0)
            status, content = cluster.answer(self.command, self.path, json.loads(self.rfile.read(length)) if length else None)
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 # the names that the server looks for

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "token").write_text("token-of-the-pod\n")
    api = Api(address=f"http://127.0.0.1:{server.server_port}", token=tmp_path / "token", authority=None)
    try:
        yield Drill(api=api, places=PLACES, checker=CHECKER, patience=patience, poll=0.01)
    finally:
        server.shutdown()
        server.server_close()
