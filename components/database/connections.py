"""Where the database is, said to the applications that sign in to it, whichever cloud runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.database.model import DatabaseClient
from components.kubernetes import labels

CONFIG_MAP: Final = "database"


@dataclass(frozen=True, kw_only=True)
class DatabaseConnectionsArgs:
    """What is said, and to whom.

    Attributes:
        variables: the environment of a client, such as ``PGHOST``; nothing of it is secret.
        own_variables: what single clients have beside it, such as ``AZURE_CLIENT_ID``.
        namespaces: the clients' namespaces by name, each with what must exist before its objects.
    """

    variables: Mapping[str, pulumi.Input[str]]
    own_variables: Mapping[DatabaseClient, Mapping[str, pulumi.Input[str]]]
    namespaces: Mapping[str, pulumi.Resource]


class DatabaseConnections(Component):
    """ConfigMaps in the clients' namespaces, for ``envFrom`` of their pods.

    ``database`` is for all of a namespace, ``database-<service account>`` adds what one client has of its
    own. ``opts`` bring the Kubernetes provider.
    """

    def __init__(self, name: str, args: DatabaseConnectionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for namespace, ready in args.namespaces.items():
            self._say(namespace, CONFIG_MAP, args.variables, role=namespace, ready=ready)
        for client, variables in args.own_variables.items():
            role = f"{client.namespace}.{client.service_account}"
            self._say(
                client.namespace, f"{CONFIG_MAP}-{client.service_account}", variables, role=role, ready=args.namespaces[client.namespace]
            )
        self.register_outputs({})

    def _say(self, namespace: str, name: str, variables: Mapping[str, pulumi.Input[str]], *, role: str, ready: pulumi.Resource) -> None:
        kubernetes.core.v1.ConfigMap(
            self.child_name(role),
            kubernetes.core.v1.ConfigMapInitArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace, labels=labels(CONFIG_MAP)),
                data=variables,
            ),
            self.child_options(depends_on=[ready]),
        )
