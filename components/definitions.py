"""Definitions of custom resources, declared as resources.

A chart keeps them in ``crds/``, which Helm installs once and never upgrades. These leave the fields
open: the models of the components and the controllers judge what is written, and a newer controller
finds the fields that it has learnt without a new definition. A controller that counts on defaults of
its own definitions does not find them here: whatever is declared writes them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes import labels


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A kind of a namespaced object.

    Attributes:
        group: such as ``jetstream.nats.io``.
        version: the one that is served and stored.
        kind: such as ``Stream``.
        plural: its name in addresses.
        application: whose it is, for the labels.
        columns: what ``kubectl get`` shows, by title the path.
    """

    group: str
    version: str
    kind: str
    plural: str
    application: str
    columns: Mapping[str, str] = field(default_factory=dict)


def define(
    resource_name: str, definition: Definition, opts: pulumi.ResourceOptions
) -> kubernetes.apiextensions.v1.CustomResourceDefinition:
    """Register ``definition``; with it every object of its kind would go."""
    v1 = kubernetes.apiextensions.v1
    anything = v1.JSONSchemaPropsArgs(type="object", x_kubernetes_preserve_unknown_fields=True)
    version = v1.CustomResourceDefinitionVersionArgs(
        name=definition.version,
        served=True,
        storage=True,
        schema=v1.CustomResourceValidationArgs(
            open_apiv3_schema=v1.JSONSchemaPropsArgs(type="object", properties={"spec": anything, "status": anything})
        ),
        subresources=v1.CustomResourceSubresourcesArgs(status={}),
        additional_printer_columns=[
            v1.CustomResourceColumnDefinitionArgs(name=name, type="string", json_path=path) for name, path in definition.columns.items()
        ],
    )
    return v1.CustomResourceDefinition(
        resource_name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=f"{definition.plural}.{definition.group}", labels=labels(definition.application, component="definition")
        ),
        spec=v1.CustomResourceDefinitionSpecArgs(
            group=definition.group,
            scope="Namespaced",
            names=v1.CustomResourceDefinitionNamesArgs(
                kind=definition.kind,
                list_kind=f"{definition.kind}List",
                singular=definition.kind.lower(),
                plural=definition.plural,
            ),
            versions=[version],
        ),
        opts=opts,
    )
