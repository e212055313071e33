"""Where the database is, said to the applications that sign in to it, whichever cloud runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.kubernetes import labels

CONFIG_MAP: Final = "database"


@dataclass(frozen=True, kw_only=True)
class DatabaseConnectionsArgs:
    """What is said, and to whom.

    Attributes:
        variables: the environment of a client, such as ``PGHOST``; nothing of it is secret.
        namespaces: the clients' namespaces by name, each with what must exist before its objects.
    """

    variables: Mapping[str, pulumi.Input[str]]
    namespaces: Mapping[str, pulumi.Resource]


class DatabaseConnections(Component):
    """The ConfigMap ``database`` in each client's namespace, for ``envFrom`` of its pods.

    ``opts`` bring the Kubernetes provider.
    """

    def __init__(self, name: str, args: DatabaseConnectionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for namespace, ready in args.namespaces.items():
            kubernetes.core.v1.ConfigMap(
                self.child_name(namespace),
                kubernetes.core.v1.ConfigMapInitArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(name=CONFIG_MAP, namespace=namespace, labels=labels(CONFIG_MAP)),
                    data=args.variables,
                ),
                self.child_options(depends_on=[ready]),
            )
        self.register_outputs({})
