"""The kinds that the JetStream controller reads."""

from __future__ import annotations

from typing import Final

from components.definitions import Definition

GROUP: Final = "jetstream.nats.io"
VERSION: Final = "v1beta2"
_STATE: Final = ".status.conditions[?(@.type == 'Ready')].reason"
_COLUMNS: Final = {
    "Stream": {"State": _STATE, "Stream Name": ".spec.name", "Subjects": ".spec.subjects"},
    "Consumer": {"State": _STATE, "Stream": ".spec.streamName", "Consumer": ".spec.durableName"},
    "KeyValue": {"State": _STATE, "Bucket": ".spec.bucket"},
    "ObjectStore": {"State": _STATE, "Bucket": ".spec.bucket"},
    "Account": {},
}
"""What ``kubectl get`` shows of each kind."""
DEFINITIONS: Final = tuple(
    Definition(group=GROUP, version=VERSION, kind=kind, plural=f"{kind.lower()}s", application="nack", columns=columns)
    for kind, columns in _COLUMNS.items()
)
"""All that the controller watches: it does not start where one of them is missing."""
