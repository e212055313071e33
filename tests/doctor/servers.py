"""API servers on the loopback interface: one that only answers what it is told, and a real one where its programs are found."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import yaml
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from rehearsal.ports import free_ports
from tests.doctor.fakes import FakeServer, answer
from tests.tools import tool

_PATIENCE: Final = 120.0
"""Seconds that a real server may take to start on a busy machine."""


def write_kubeconfig(folder: Path, server: str, users: Mapping[str, Mapping[str, Any]], **cluster: Any) -> Path:
    """A kubeconfig with a context for each user, of the same name."""
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "it", "cluster": {"server": server, **cluster}}],
        "users": [{"name": name, "user": user} for name, user in users.items()],
        "contexts": [{"name": name, "context": {"cluster": "it", "user": name}} for name in users],
    }
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


@contextmanager
def fake_server(fake: FakeServer, *, only: str | None = None) -> Iterator[str]:
    """Serve ``fake`` over HTTP; the address. With ``only``, whoever does not bring that token is not let in."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._respond(None)

        def do_POST(self) -> None:
            self._respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _respond(self, body: Any) -> None:
            is_in = only is None or self.headers["Authorization"] == f"Bearer {only}"
            said = fake(self.command, self.path, body) if is_in else answer(401, {"message": "unauthorized"})
            self.send_response(said.status)
            self.end_headers()
            self.wfile.write(said.body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: tests read standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def real_server(folder: Path, users: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """A kube-apiserver that knows ``users``, groups by name (each user's token is its name); its address and certificate."""
    programs = tool("etcd", built=False), tool("kube-apiserver", built=False)
    peer, client, secure = free_ports(3)
    key, certificates = folder / "key.pem", folder / "certificates"
    key.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    tokens = folder / "tokens.csv"
    tokens.write_text("".join(f"{name},{name},{name},{group}\n" for name, group in users.items()), encoding="utf-8")
    store, self_ = f"http://127.0.0.1:{client}", f"http://127.0.0.1:{peer}"
    commands = (
        (
            programs[0],
            f"--data-dir={folder / 'store'}",
            f"--listen-client-urls={store}",
            f"--advertise-client-urls={store}",
            f"--listen-peer-urls={self_}",
            f"--initial-advertise-peer-urls={self_}",
            f"--initial-cluster=default={self_}",
        ),
        (
            programs[1],
            f"--etcd-servers={store}",
            "--bind-address=127.0.0.1",
            f"--secure-port={secure}",
            f"--cert-dir={certificates}",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            "--service-account-issuer=https://it",
            f"--token-auth-file={tokens}",
            "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.43.0.0/16",
            "--disable-admission-plugins=ServiceAccount",
        ),
    )
    processes = [_start(command, folder / f"{index}.log") for index, command in enumerate(commands)]
    try:
        address, certificate = f"https://127.0.0.1:{secure}", certificates / "apiserver.crt"
        _wait_for(address, certificate, next(iter(users)))
        yield address, certificate
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _start(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as written:
        environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
        return subprocess.Popen(command, stdout=written, stderr=written, env=environment)  # noqa: S603 # found by us, our own arguments


def _wait_for(address: str, certificate: Path, token: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        time.sleep(0.5)
        request = urllib.request.Request(f"{address}/readyz", headers={"Authorization": f"Bearer {token}"})  # noqa: S310 # our own address
        try:
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificate))
            )
            with opener.open(request) as response:
                if response.status == 200:
                    return
        except OSError:
            continue
    raise TimeoutError(f"kube-apiserver did not become ready at {address}")
