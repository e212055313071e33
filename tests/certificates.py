"""A certificate authority that lives as long as a test."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """The authority; its files and those that it issues are in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._issued: dict[tuple[str, str | None], tuple[Path, Path]] = {}
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _common_name("test authority")
        self.certificate = directory / "ca.crt"
        signed = self._builder(self._name, self._key).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        _write(self.certificate, signed.sign(self._key, hashes.SHA256()))

    def issue(self, name: str, *, user: str | None = None) -> tuple[Path, Path]:
        """The files of a certificate and of its key: for the DNS name ``name``, and for ``user`` where one signs in with it.

        They are written once: a server that is starting may read them at any time.
        """
        if (name, user) not in self._issued:
            self._issued[name, user] = self._write_pair(name, user)
        return self._issued[name, user]

    def context(self, name: str) -> ssl.SSLContext:
        """How a client connects that has the DNS name ``name``."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.load_cert_chain(*self.issue(name))
        return context

    def _write_pair(self, name: str, user: str | None) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        builder = self._builder(_common_name(user) if user else x509.Name([]), key)
        signed = builder.add_extension(names, critical=not user).sign(self._key, hashes.SHA256())
        files = self.directory / f"{name}.crt", self.directory / f"{name}.key"
        _write(files[0], signed)
        private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        files[1].write_bytes(private)
        files[1].chmod(0o600)
        return files

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder(issuer_name=self._name, subject_name=subject, public_key=key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(now - dt.timedelta(hours=1)).not_valid_after(now + dt.timedelta(hours=1))


def _common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _write(file: Path, certificate: x509.Certificate) -> None:
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
