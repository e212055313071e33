"""What the operators may do in which namespaces: roles, none of them for the whole cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes import labels
from components.messaging.rabbitmq.definitions import GROUP, TOPOLOGY

_READ: Final = ("get", "list", "watch")
_KINDS: Final = tuple(definition.plural for definition in TOPOLOGY)
_LEADING: Final = {"groups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": [*_READ, "create", "update", "patch"]}
_EVENTS: Final = {"groups": ["", "events.k8s.io"], "resources": ["events"], "verbs": ["get", "create", "patch"]}
_CLUSTERS: Final = {"groups": [GROUP], "resources": ["rabbitmqclusters"], "verbs": _READ}

# As config/rbac/role.yaml of its release has it, without the whole cluster.
CLUSTER_OPERATOR_RULES: Final = (
    {
        "groups": [""],
        "resources": ["configmaps", "persistentvolumeclaims", "secrets", "serviceaccounts", "services"],
        "verbs": [*_READ, "create", "update"],
    },
    {"groups": [""], "resources": ["endpoints"], "verbs": _READ},
    {"groups": ["discovery.k8s.io"], "resources": ["endpointslices"], "verbs": _READ},
    {"groups": [""], "resources": ["pods"], "verbs": [*_READ, "update"]},
    {"groups": [""], "resources": ["pods/exec"], "verbs": ["create"]},
    {"groups": ["apps"], "resources": ["statefulsets"], "verbs": [*_READ, "create", "update", "delete"]},
    {"groups": [GROUP], "resources": ["rabbitmqclusters"], "verbs": [*_READ, "create", "update"]},
    {"groups": [GROUP], "resources": ["rabbitmqclusters/finalizers"], "verbs": ["update"]},
    {"groups": [GROUP], "resources": ["rabbitmqclusters/status"], "verbs": ["get", "update", "patch"]},
    # What the servers' own account may do: the operator can give no more than it has.
    {"groups": ["rbac.authorization.k8s.io"], "resources": ["roles", "rolebindings"], "verbs": [*_READ, "create", "update", "delete"]},
    _EVENTS,
    _LEADING,
)
TOPOLOGY_OPERATOR_RULES: Final = (
    {"groups": [""], "resources": ["secrets"], "verbs": [*_READ, "create", "update"]},
    {"groups": [""], "resources": ["services"], "verbs": _READ},
    {"groups": [GROUP], "resources": list(_KINDS), "verbs": [*_READ, "create", "update", "patch", "delete"]},
    {"groups": [GROUP], "resources": [f"{kind}/finalizers" for kind in _KINDS], "verbs": ["update"]},
    {"groups": [GROUP], "resources": [f"{kind}/status" for kind in _KINDS], "verbs": ["get", "update", "patch"]},
    _CLUSTERS,
    _EVENTS,
    _LEADING,
)
_IN_CLIENTS: Final = ("users", "permissions")
CLIENT_NAMESPACE_RULES: Final = (
    # The Secrets with names and passwords of users are made there.
    {"groups": [""], "resources": ["secrets"], "verbs": [*_READ, "create", "update"]},
    {"groups": [GROUP], "resources": [*_KINDS, "rabbitmqclusters"], "verbs": _READ},
    {"groups": [GROUP], "resources": list(_IN_CLIENTS), "verbs": ["update", "patch"]},
    {"groups": [GROUP], "resources": [f"{kind}/finalizers" for kind in _IN_CLIENTS], "verbs": ["update"]},
    {"groups": [GROUP], "resources": [f"{kind}/status" for kind in _IN_CLIENTS], "verbs": ["get", "update", "patch"]},
    _EVENTS,
)
"""What the topology operator may do in the namespaces of clients: watch all kinds, and look after users."""


def account(resource_name: str, operator: str, *, namespace: str, opts: pulumi.ResourceOptions) -> kubernetes.core.v1.ServiceAccount:
    """The account of an operator."""
    return kubernetes.core.v1.ServiceAccount(
        resource_name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=operator, namespace=namespace, labels=labels(operator, component="operator")),
        opts=opts,
    )


def allow(
    resource_name: str,
    operator: str,
    rules: Sequence[Mapping[str, Any]],
    *,
    namespace: str,
    home: str,
    opts: pulumi.ResourceOptions,
) -> kubernetes.rbac.v1.RoleBinding:
    """Let the operator, whose account is in ``home``, do in ``namespace`` what the rules say."""
    v1 = kubernetes.rbac.v1
    metadata = kubernetes.meta.v1.ObjectMetaArgs(name=operator, namespace=namespace, labels=labels(operator, component="operator"))
    role = v1.Role(
        resource_name,
        metadata=metadata,
        rules=[v1.PolicyRuleArgs(api_groups=each["groups"], resources=each["resources"], verbs=list(each["verbs"])) for each in rules],
        opts=opts,
    )
    return v1.RoleBinding(
        f"{resource_name}-binding",
        metadata=metadata,
        role_ref=v1.RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name=operator),
        subjects=[v1.SubjectArgs(kind="ServiceAccount", name=operator, namespace=home)],
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[role])),
    )
