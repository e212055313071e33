"""A cluster without machines: etcd, API server, controllers, scheduler and simulated kubelets on free ports of the loopback interface."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from facts.addresses import KUBERNETES_SERVICE_CIDR
from rehearsal.api import Api
from rehearsal.errors import RehearsalError
from rehearsal.ports import free_ports

_PATIENCE: Final = 120.0
"""Seconds that a server may take to start; on a busy machine they are needed."""
_TRIES: Final = 3
# Nobody is behind the webhooks that charts declare.
_WITHOUT: Final = "MutatingAdmissionWebhook,ValidatingAdmissionWebhook"


class SimulatedCluster(AbstractContextManager["SimulatedCluster"]):
    """The servers of one cluster, as long as the block lasts; several can run beside each other.

    Raises:
        RehearsalError: a server does not start; says what it wrote last.
    """

    def __init__(self, programs: Mapping[str, Path]) -> None:
        self._programs = programs
        self._folder = Path()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.api = Api(0, "", Path())

    def __enter__(self) -> Self:
        for last in range(1, _TRIES + 1):
            # Between the choice of a port and its use, somebody else may take it.
            try:
                self._start()
            except BaseException as error:
                self.close()
                if last == _TRIES or not isinstance(error, RehearsalError):
                    raise
            else:
                break
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all servers and remove what they wrote."""
        self.api.close()
        # Nothing of it is kept, so nobody has to end in order.
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
        self._processes.clear()
        if self._folder != Path():
            shutil.rmtree(self._folder, ignore_errors=True)

    def check(self) -> None:
        """Make sure that all servers still run.

        Raises:
            RehearsalError: one has ended.
        """
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise RehearsalError(f"{name} ended with the code {process.returncode}: {self._last_words(name)}")

    def _start(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="plinth-rehearsal-"))
        peers, clients, secure, scheduling, controlling = free_ports(5)
        store, self_, token = f"http://127.0.0.1:{clients}", f"http://127.0.0.1:{peers}", secrets.token_hex(16)
        key = self._write("service-accounts.key", _private_key())
        tokens = self._write("tokens.csv", f"{token},rehearsal,rehearsal,system:masters\n")
        certificates = self._folder / "certificates"
        self._run(
            "etcd",
            f"--data-dir={self._folder / 'store'}",
            f"--listen-client-urls={store}",
            f"--advertise-client-urls={store}",
            f"--listen-peer-urls={self_}",
            f"--initial-advertise-peer-urls={self_}",
            f"--initial-cluster=default={self_}",
            "--unsafe-no-fsync",
        )
        self._run(
            "kube-apiserver",
            f"--etcd-servers={store}",
            "--bind-address=127.0.0.1",
            f"--secure-port={secure}",
            f"--cert-dir={certificates}",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            f"--service-cluster-ip-range={KUBERNETES_SERVICE_CIDR}",
            f"--disable-admission-plugins={_WITHOUT}",
            "--endpoint-reconciler-type=none",
            "--allow-privileged=true",
        )
        self.api = Api(secure, token, certificates / "apiserver.crt")
        self._wait_until_ready(certificates / "apiserver.crt")
        kubeconfig = self._write("kubeconfig", json.dumps(_kubeconfig(secure, token, certificates / "apiserver.crt")))
        shared = (f"--kubeconfig={kubeconfig}", "--leader-elect=false", "--bind-address=127.0.0.1")
        self._run(
            "kube-controller-manager",
            *shared,
            f"--secure-port={controlling}",
            f"--service-account-private-key-file={key}",
            f"--root-ca-file={certificates / 'apiserver.crt'}",
            "--use-service-account-credentials=false",
            # Simulated kubelets report once; a node is lost when it is taken away.
            "--node-monitor-grace-period=24h",
        )
        self._run("kube-scheduler", *shared, f"--secure-port={scheduling}")
        self._run("kwok", f"--kubeconfig={kubeconfig}", "--manage-all-nodes=true", "--node-ip=127.0.0.1")

    def _run(self, name: str, *arguments: str) -> None:
        with (self._folder / f"{name}.log").open("wb") as log:
            # In a session of its own: Ctrl-C is for us, who end the servers.
            self._processes[name] = subprocess.Popen(  # noqa: S603 # found by us, with our own arguments
                [self._programs[name], *arguments],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env={"PATH": "", "HOME": str(self._folder), "NO_PROXY": "*", "no_proxy": "*"},
                start_new_session=True,
            )

    def _wait_until_ready(self, certificate: Path) -> None:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            self.check()
            if certificate.exists():
                try:
                    if self.api.call("GET", "/readyz").accepted:
                        return
                except RehearsalError:
                    pass
            time.sleep(0.3)
        raise RehearsalError(f"kube-apiserver did not become ready: {self._last_words('kube-apiserver')}")

    def _write(self, name: str, content: str) -> Path:
        file = self._folder / name
        file.touch(mode=0o600)
        file.write_text(content, encoding="utf-8")
        return file

    def _last_words(self, name: str) -> str:
        lines = (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return lines[-1] if lines else "it wrote nothing"


def _private_key() -> str:
    """The key that signs service accounts' tokens."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    encoded = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return encoded.decode()


def _kubeconfig(port: int, token: str, certificate: Path) -> Mapping[str, Any]:
    name = "rehearsal"
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": f"https://127.0.0.1:{port}", "certificate-authority": str(certificate)}}],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
    }
