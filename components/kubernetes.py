"""What Kubernetes objects of all components share: labels, and how custom ones are declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

NAME_LABEL: Final = "app.kubernetes.io/name"


def labels(name: str, component: str | None = None) -> dict[str, str]:
    """The recommended labels of an object of application ``name``, with its role there."""
    role = {"app.kubernetes.io/component": component} if component else {}
    return {NAME_LABEL: name, **role, "app.kubernetes.io/part-of": "plinth", "app.kubernetes.io/managed-by": "pulumi"}


@dataclass(frozen=True, kw_only=True)
class CustomResource:
    """An object of a third-party API.

    ``api_version`` is ``<group>/<version>``; ``namespace`` is None where the kind is cluster-wide;
    ``spec`` is written as the API has it (camelCase), so that what a reader and the policy pack see
    is what the cluster gets.
    """

    api_version: str
    kind: str
    name: str
    spec: Mapping[str, Any]
    namespace: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    def metadata(self) -> dict[str, Any]:
        """The object's ``metadata``; what is not given is left out."""
        optional = {"namespace": self.namespace, "labels": dict(self.labels), "annotations": dict(self.annotations)}
        return {"name": self.name, **{key: value for key, value in optional.items() if value}}


def declare(resource_name: str, custom: CustomResource, opts: pulumi.ResourceOptions) -> kubernetes.apiextensions.CustomResource:
    """Register ``custom``; ``opts`` must put it behind the release that brings its definition."""
    return kubernetes.apiextensions.CustomResource(
        resource_name,
        api_version=custom.api_version,
        kind=custom.kind,
        metadata=custom.metadata(),
        spec=dict(custom.spec),
        opts=opts,
    )
