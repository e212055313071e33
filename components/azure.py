"""What the Azure components share: where they are, where their logs go, and what keeps them from being deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization, monitor

from components.base import Component


@dataclass(frozen=True, kw_only=True)
class AzureLocation:
    """Where resources are, and what they are tagged with.

    Attributes:
        subscription_id: the subscription's UUID.
        tenant_id: the UUID of the Entra tenant that the subscription trusts.
        location: the region, such as ``westeurope``.
        resource_group: the name of the platform's resource group.
        tags: of every resource that can have them: the provider adds none by itself (COST-005, IAC-004).
    """

    subscription_id: str
    tenant_id: str
    location: str
    resource_group: str
    tags: Mapping[str, str]

    @property
    def resource_group_id(self) -> str:
        """The id of the platform's resource group, known before it exists."""
        return f"/subscriptions/{self.subscription_id}/resourceGroups/{self.resource_group}"

    def resource_id(self, kind: str, *names: str) -> str:
        """The id of a resource of the group.

        ``kind`` is its type, such as ``Microsoft.Network/virtualNetworks/subnets``, and ``names`` are
        those of its parents and its own.
        """
        provider, *types = kind.split("/")
        path = "/".join(f"{each}/{name}" for each, name in zip(types, names, strict=True))
        return f"{self.resource_group_id}/providers/{provider}/{path}"


def identities(*known_later: pulumi.Output[str]) -> pulumi.Output[Sequence[str]]:
    """The ids of user-assigned identities, known together or not at all.

    Azure answers with a mapping by id where it is given a list: a provider that hands back a list of
    which only the length is known says what the SDK cannot read.
    """
    return pulumi.Output.all(*known_later)


def send_diagnostics(
    component: Component,
    role: str,
    *,
    resource_id: pulumi.Input[str],
    workspace_id: pulumi.Input[str],
    logs: Sequence[str],
    metrics: bool = True,
) -> monitor.DiagnosticSetting:
    """Send a resource's logs, by category, and its metrics, where it has any, to the platform's Log Analytics workspace.

    How long they are kept is the workspace's to say: a retention of the setting itself has not been honoured since 2025.
    """
    return monitor.DiagnosticSetting(
        component.child_name(role),
        monitor.DiagnosticSettingArgs(
            name="platform",
            resource_uri=resource_id,
            workspace_id=workspace_id,
            # Into tables of their own where the resource has such: they can be queried by column, and kept for less.
            log_analytics_destination_type="Dedicated",
            logs=[monitor.DiagnosticsLogSettingsArgs(category=category, enabled=True) for category in logs],
            metrics=[monitor.DiagnosticsMetricSettingsArgs(category="AllMetrics", enabled=True)] if metrics else [],
        ),
        component.child_options(),
    )


def lock_against_deletion(component: Component, role: str, *, scope: pulumi.Input[str], reason: str) -> authorization.ManagementLockByScope:
    """A CanNotDelete lock on one resource and all below it, against everybody, whatever their rights (PG-005).

    Pulumi removes it before the resource: a deliberate teardown needs no second step, but the right
    ``Microsoft.Authorization/locks/delete``.
    """
    return authorization.ManagementLockByScope(
        component.child_name(role),
        authorization.ManagementLockByScopeArgs(
            scope=scope,
            lock_name="platform",
            level=authorization.LockLevel.CAN_NOT_DELETE,
            notes=reason,
        ),
        component.child_options(),
    )
