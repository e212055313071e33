"""What the API server, Helm and the controllers of the platform accept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from facts.duration import parse_duration
from facts.limits.kinds import (
    ANNOTATIONS,
    CRON_JOB_NAME,
    DATA,
    DATA_KEY,
    LABEL,
    LABEL_KEY,
    LABEL_VALUE,
    PATH_SEGMENT,
    PORT,
    RELEASE_NAME,
    SERVICE_LABEL,
    SUBDOMAIN,
)
from facts.limits.limit import Limit, PhysicalName

ADDED: Final = 9
"""A dash and eight hexadecimal digits, which the Kubernetes provider adds to names that it makes."""
RELEASE: Final = "kubernetes:helm.sh/v3:Release"
_NAME: Final = "metadata.name"
_LONGEST: Final = timedelta(microseconds=(2**63 - 1) // 1000)
_JETSTREAM: Final = "NATS, JetStream, stream and consumer names; server JSMaxNameLen"


def _is_too_long(given: Any) -> bool:
    try:
        return parse_duration(given) > _LONGEST
    except ValueError:
        return False


_STREAM_NAME: Final = Limit(
    allowed="up to 255 characters without spaces, ., *, >, / and \\",
    source=_JETSTREAM,
    least=1,
    most=255,
    form=re.compile(r"[^\s.*>/\\\x00-\x1f\x7f]+"),
)
_SUBJECT: Final = Limit(
    allowed="up to 255 printable ASCII characters: words joined by dots, of which * stands for one, > for all that follow",
    source="NATS, Subject-Based Messaging, characters allowed and recommended",
    least=1,
    most=255,
    form=re.compile(r"([!-)+-\-/-=?-~]+|\*)(\.([!-)+-\-/-=?-~]+|\*))*(\.>)?|>"),
)
_NANOSECONDS: Final = Limit(
    allowed="at most 292 years: the server counts nanoseconds in 64 bits", source="NATS, JetStream, StreamConfig", refuses=_is_too_long
)
_COUNT: Final = Limit(allowed="-1 to 2^63 - 1", source="NATS, JetStream, 64-bit numbers", least=-1, most=2**63 - 1)
_COPIES: Final = Limit(allowed="1 to 5 copies", source="NATS, JetStream, clustering", least=1, most=5)

_LABELS: Final[Mapping[str, Limit]] = {
    f"{labels}.{part}": limit
    for labels in ("metadata.labels", "spec.selector.matchLabels", "spec.template.metadata.labels")
    for part, limit in (("<keys>", LABEL_KEY), ("*", LABEL_VALUE))
}
OBJECT_LIMITS: Final[Mapping[str, Limit]] = {
    _NAME: SUBDOMAIN,
    "metadata.namespace": LABEL,
    "metadata.annotations": ANNOTATIONS,
    "metadata.annotations.<keys>": LABEL_KEY,
    **_LABELS,
    "spec.template.spec.containers.*.name": LABEL,
    "spec.template.spec.containers.*.ports.*.containerPort": PORT,
}
"""Of every kind, unless :data:`KIND_LIMITS` says otherwise."""

_DATA_LIMITS: Final[Mapping[str, Limit]] = {"data": DATA, "data.<keys>": DATA_KEY}
KIND_LIMITS: Final[Mapping[str, Mapping[str, Limit]]] = {
    "kubernetes:batch/v1:CronJob": {_NAME: CRON_JOB_NAME},
    "kubernetes:batch/v1:Job": {_NAME: LABEL},
    "kubernetes:cert-manager.io/v1:Certificate": {
        "spec.commonName": Limit(allowed="up to 64 characters", source="RFC 5280, ub-common-name", most=64),
        "spec.dnsNames.*": Limit(allowed="up to 253 characters", source="RFC 1035, size limits of names", least=1, most=253),
        "spec.secretName": SUBDOMAIN,
    },
    "kubernetes:core/v1:ConfigMap": _DATA_LIMITS,
    "kubernetes:core/v1:Namespace": {_NAME: LABEL},
    "kubernetes:core/v1:Secret": {"stringData": DATA, "stringData.<keys>": DATA_KEY, **_DATA_LIMITS},
    "kubernetes:core/v1:Service": {
        _NAME: SERVICE_LABEL,
        "spec.ports.*.name": LABEL,
        "spec.ports.*.port": PORT,
        "spec.selector.<keys>": LABEL_KEY,
        "spec.selector.*": LABEL_VALUE,
    },
    RELEASE: {"name": RELEASE_NAME, "namespace": LABEL},
    "kubernetes:jetstream.nats.io/v1beta2:Consumer": {
        "spec.streamName": _STREAM_NAME,
        "spec.durableName": _STREAM_NAME,
        "spec.filterSubject": _SUBJECT,
        "spec.filterSubjects.*": _SUBJECT,
        "spec.ackWait": _NANOSECONDS,
        "spec.backoff.*": _NANOSECONDS,
        "spec.maxDeliver": _COUNT,
        "spec.maxAckPending": _COUNT,
        "spec.replicas": Limit(allowed="0 to 5 copies", source="NATS, JetStream, clustering", least=0, most=5),
    },
    "kubernetes:jetstream.nats.io/v1beta2:Stream": {
        "spec.name": _STREAM_NAME,
        "spec.subjects.*": _SUBJECT,
        "spec.maxAge": _NANOSECONDS,
        "spec.duplicateWindow": _NANOSECONDS,
        "spec.maxBytes": _COUNT,
        "spec.maxMsgs": _COUNT,
        "spec.replicas": _COPIES,
    },
    "kubernetes:apps/v1:StatefulSet": {
        _NAME: Limit(
            allowed="up to 52 of a-z, 0-9 and -: the label of its revisions adds 11",
            source="Kubernetes, StatefulSet, pod label controller-revision-hash",
            least=1,
            most=52,
            form=LABEL.form,
        )
    },
    **{
        f"kubernetes:rbac.authorization.k8s.io/v1:{kind}": {_NAME: PATH_SEGMENT}
        for kind in ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding")
    },
    "kubernetes:scheduling.k8s.io/v1:PriorityClass": {
        _NAME: Limit(
            allowed="up to 253 of a-z, 0-9, - and ., not beginning with system-",
            source="Kubernetes, Pod Priority and Preemption, PriorityClass",
            least=1,
            most=253,
            form=re.compile(rf"(?!system-){SUBDOMAIN.form.pattern}"),
        ),
        "value": Limit(
            allowed="up to one billion", source="Kubernetes, Pod Priority and Preemption, PriorityClass", least=-(2**31), most=10**9
        ),
    },
}
"""By type token and path, beside and over :data:`OBJECT_LIMITS`."""

OBJECT_NAME: Final = PhysicalName(path=_NAME, added=ADDED)
RELEASE_NAMING: Final = PhysicalName(path="name", added=ADDED)
