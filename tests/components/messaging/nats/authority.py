"""Servers that know their clients by certificate, and a certificate authority for them."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import ssl
from pathlib import Path
from typing import Any

import nats
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from components.messaging.nats.arguments import NatsArgs
from tests.components.messaging.nats.servers import LocalServers


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


def secured(authority: Authority, args: NatsArgs) -> LocalServers:
    """The servers of ``args``, with certificates."""
    certificate, key = authority.issue("localhost")
    tls = {"cert_file": str(certificate), "key_file": str(key), "ca_file": str(authority.certificate)}
    return LocalServers(args, authority.directory, tls)


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
