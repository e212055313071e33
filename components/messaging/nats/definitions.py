"""The kinds that the JetStream controller reads, declared as resources.

Its chart keeps their definitions in ``crds/``, which Helm installs once and never upgrades. These
leave the fields open: the models of this package and the server judge what is written, and a newer
controller finds the fields that it has learnt without a new definition.
"""

from __future__ import annotations

from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes import labels

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
KINDS: Final = tuple(_COLUMNS)
"""All that the controller watches: it does not start where one of them is missing."""


def define(kind: str, resource_name: str, opts: pulumi.ResourceOptions) -> kubernetes.apiextensions.v1.CustomResourceDefinition:
    """Register the definition of one of :data:`KINDS`."""
    plural = f"{kind.lower()}s"
    v1 = kubernetes.apiextensions.v1
    anything = v1.JSONSchemaPropsArgs(type="object", x_kubernetes_preserve_unknown_fields=True)
    version = v1.CustomResourceDefinitionVersionArgs(
        name=VERSION,
        served=True,
        storage=True,
        schema=v1.CustomResourceValidationArgs(
            open_apiv3_schema=v1.JSONSchemaPropsArgs(type="object", properties={"spec": anything, "status": anything})
        ),
        subresources=v1.CustomResourceSubresourcesArgs(status={}),
        additional_printer_columns=[
            v1.CustomResourceColumnDefinitionArgs(name=name, type="string", json_path=path) for name, path in _COLUMNS[kind].items()
        ],
    )
    return v1.CustomResourceDefinition(
        resource_name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=f"{plural}.{GROUP}", labels=labels("nack", component="definition")),
        spec=v1.CustomResourceDefinitionSpecArgs(
            group=GROUP,
            scope="Namespaced",
            names=v1.CustomResourceDefinitionNamesArgs(kind=kind, list_kind=f"{kind}List", singular=kind.lower(), plural=plural),
            versions=[version],
        ),
        opts=opts,
    )
