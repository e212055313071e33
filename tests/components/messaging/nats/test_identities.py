"""Real servers take a client for whom its certificate names, and let it do what that one may."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import ssl
from pathlib import Path
from typing import Any

import nats
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from components.messaging.nats.access import identity
from components.messaging.nats.certificates import CONTROLLER
from components.messaging.nats.streams import streams
from tests.components.messaging.nats.examples import nats_args
from tests.components.messaging.nats.servers import LocalServers, api_request

pytestmark = pytest.mark.server

ARGS = nats_args(servers=1, storage="20Gi", streams={"orders": {"subjects": ["orders.>"], "maxAge": "7d", "maxBytes": "1Gi"}})
ORDERS = identity("orders", "shop")


class Authority:
    """A certificate authority that lives as long as a test."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.certificate = directory / "ca.crt"
        signed = self._builder(self._name, self._key).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        self._write(self.certificate, signed.sign(self._key, hashes.SHA256()))

    def issue(self, name: str) -> tuple[Path, Path]:
        """The files of a certificate for the DNS name ``name`` and of its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        signed = self._builder(x509.Name([]), key).add_extension(names, critical=True).sign(self._key, hashes.SHA256())
        files = self.directory / f"{name}.crt", self.directory / f"{name}.key"
        self._write(files[0], signed)
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        files[1].write_bytes(private)
        return files

    def context(self, name: str) -> ssl.SSLContext:
        """How the client ``name`` connects."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.load_cert_chain(*self.issue(name))
        return context

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(issuer_name=self._name, subject_name=subject, public_key=key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(hours=1))

    def _write(self, file: Path, certificate: x509.Certificate) -> None:
        file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def secured(authority: Authority) -> LocalServers:
    certificate, key = authority.issue("localhost")
    tls = {"cert_file": str(certificate), "key_file": str(key), "ca_file": str(authority.certificate)}
    return LocalServers(ARGS, authority.directory, tls)


async def ask(servers: LocalServers, authority: Authority, identity: str, subject: str, body: bytes) -> dict[str, Any]:
    """The server's answer to a request of ``identity``, or its refusal."""
    refused: asyncio.Queue[str] = asyncio.Queue()

    async def note(error: Exception) -> None:
        if not isinstance(error, OSError):  # until the server has started nobody listens
            await refused.put(str(error))

    (port,) = servers.ports.values()
    async with asyncio.timeout(15):
        client = await nats.connect(
            f"tls://localhost:{port}", tls=authority.context(identity), error_cb=note, max_reconnect_attempts=20, reconnect_time_wait=0.1
        )
        try:
            answer = asyncio.ensure_future(client.request(subject, body, timeout=10))
            refusal = asyncio.ensure_future(refused.get())
            done, waiting = await asyncio.wait([answer, refusal], return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            return dict(json.loads(answer.result().data)) if answer in done else {"refused": refusal.result()}
        finally:
            await client.close()


async def create_and_publish(servers: LocalServers, authority: Authority) -> list[dict[str, Any]]:
    (resource,) = streams("orders", ARGS)
    create = ("$JS.API.STREAM.CREATE.orders", json.dumps(api_request(dict(resource.spec))).encode())
    return [
        await ask(servers, authority, ORDERS, *create),
        await ask(servers, authority, "jetstream-controller.messaging.nats", *create),
        await ask(servers, authority, ORDERS, "orders.new", b"one"),
        await ask(servers, authority, "jetstream-controller.messaging.nats", "orders.new", b"two"),
    ]


def test_the_controller_creates_streams_and_clients_publish_and_neither_does_the_others_work(authority: Authority) -> None:
    with secured(authority) as servers:
        not_created, created, published, not_published = asyncio.run(create_and_publish(servers, authority))
    assert "permissions violation" in not_created["refused"]
    assert created["config"]["name"] == "orders"
    assert published == {"stream": "orders", "seq": 1}
    assert "permissions violation" in not_published["refused"]


async def restore_nothing(servers: LocalServers, authority: Authority) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the controller's identity is told when a restore without data begins and when it ends."""
    (resource,) = streams("orders", ARGS)
    wanted = {"config": api_request(dict(resource.spec)), "state": {}}
    controller = identity(CONTROLLER, "messaging")
    begun = await ask(servers, authority, controller, "$JS.API.STREAM.RESTORE.orders", json.dumps(wanted).encode())
    return begun, await ask(servers, authority, controller, begun["deliver_subject"], b"")


def test_the_identity_that_people_take_for_streams_may_restore_them(authority: Authority) -> None:
    with secured(authority) as servers:
        begun, ended = asyncio.run(restore_nothing(servers, authority))
    assert begun["deliver_subject"].startswith("$JS.SNAPSHOT.RESTORE.orders.")
    assert "refused" not in ended


async def connect_as(servers: LocalServers, authority: Authority, identity: str) -> None:
    (port,) = servers.ports.values()
    async with asyncio.timeout(15):
        client = await nats.connect(
            f"tls://localhost:{port}", tls=authority.context(identity), max_reconnect_attempts=3, reconnect_time_wait=0.3
        )
        await client.close()


def test_a_certificate_that_no_user_has_is_turned_away(authority: Authority) -> None:
    with secured(authority) as servers:
        asyncio.run(connect_as(servers, authority, ORDERS))
        with pytest.raises(nats.errors.Error):
            asyncio.run(connect_as(servers, authority, "stranger.shop.nats"))
