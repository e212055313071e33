"""A certificate of a service or of a client, which cert-manager issues and renews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from components.kubernetes import CustomResource, labels


@dataclass(frozen=True, kw_only=True)
class CertificateSpec:
    """What a certificate says, and to whom it belongs.

    Attributes:
        secret: the Secret that it is in, as ``tls.crt``, ``tls.key`` and ``ca.crt``, and its own name.
        namespace: of both.
        application: whose it is, for the labels.
        issuer: the ClusterIssuer that signs it.
        usages: such as ``server auth``.
        dns_names: under which it is reached, or known.
        common_name: the user whom it is for, where a service knows users by it.
        secret_labels: of the Secret.
        lifetime: of each certificate, in hours.
        renew_before: how long before its end the next one is issued, in hours.
    """

    secret: str
    namespace: str
    application: str
    issuer: str
    usages: Sequence[str]
    dns_names: Sequence[str] = ()
    common_name: str | None = None
    secret_labels: Mapping[str, str] = field(default_factory=dict)
    lifetime: str = "2160h"
    renew_before: str = "720h"


def certificate(spec: CertificateSpec) -> CustomResource:
    """The Certificate; Pulumi waits until it is issued."""
    return CustomResource(
        api_version="cert-manager.io/v1",
        kind="Certificate",
        name=spec.secret,
        namespace=spec.namespace,
        labels=labels(spec.application, component="certificate"),
        # The pods that mount the secret must not start before it is there.
        annotations={"pulumi.com/waitFor": "condition=Ready"},
        spec={
            "secretName": spec.secret,
            **({"secretTemplate": {"labels": dict(spec.secret_labels)}} if spec.secret_labels else {}),
            **({"commonName": spec.common_name} if spec.common_name else {}),
            **({"dnsNames": list(spec.dns_names)} if spec.dns_names else {}),
            "usages": ["digital signature", *spec.usages],
            "duration": spec.lifetime,
            "renewBefore": spec.renew_before,
            "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
            "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": spec.issuer},
        },
    )


def service_names(service: str, namespace: str) -> list[str]:
    """The DNS names under which a Service is reached, from within its namespace and from others."""
    return [f"{service}{suffix}" for suffix in ("", f".{namespace}", f".{namespace}.svc", f".{namespace}.svc.cluster.local")]
