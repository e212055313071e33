"""The record of every connection that the network let through or refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pulumi
from pulumi_azure_native import managedidentity, network, operationalinsights, storage

from components.azure import AzureLocation, identities
from components.base import Component
from components.models.recovery import RecoveryTargets
from components.network.azure.private_endpoint import PrivateAccess, open_privately
from components.security.azure.roles import Holder, assign_role
from components.storage.azure.account import StorageAccountSpec, create_storage_account
from facts.azure import LOCATIONS, BuiltInRole, worldwide_name

# The shorter of the two intervals that Azure offers (the other is 60): an incident is looked at as it happens.
ANALYTICS_MINUTES: Final = 10
# Its copies outlive a zone, and each blob holds an hour; of what a region loses, the next hour is the first that is there again.
_RECOVERY: Final = RecoveryTargets.model_validate({"rpo": "1h", "rto": "4h"})


@dataclass(frozen=True, kw_only=True)
class FlowLogSpec:
    """A flow log.

    Attributes:
        retention: whole days for which it is kept.
        watcher_id: of the region's Network Watcher; None where it is the one that Azure creates with the
            first network of a subscription in a region.
        analytics: whether it is summed up in the workspace too.
    """

    retention: timedelta
    watcher_id: str | None
    analytics: bool


def create_flow_log(
    component: Component,
    spec: FlowLogSpec,
    *,
    location: AzureLocation,
    virtual_network_id: pulumi.Input[str],
    workspace: operationalinsights.Workspace,
    access: PrivateAccess,
    retain: bool,
    after: Sequence[pulumi.Resource],
) -> network.FlowLog:
    """Log all traffic of a virtual network to a storage account, behind ``after``.

    The account is read by its private endpoint. Network Watchers are the subscription's, one in each
    region: several stacks put their flow logs into the same, each under its own name.
    """
    account = create_storage_account(
        component,
        StorageAccountSpec(
            role="flow-logs",
            name=worldwide_name(f"{location.resource_group}-flow-logs", subscription=location.subscription_id, longest=24),
            sku=storage.SkuName.STANDARD_ZRS if LOCATIONS[location.location].zones else storage.SkuName.STANDARD_LRS,
            trusted_services=True,
        ),
        location=replace(location, tags={**location.tags, **_RECOVERY.tags}),
        retain=retain,
    )
    writer = managedidentity.UserAssignedIdentity(
        component.child_name("flow-logs-writer"),
        # As keywords: the SDK takes a resource_name among the arguments for the resource's own.
        resource_name_=f"{location.resource_group}-flow-logs",
        resource_group_name=location.resource_group,
        location=location.location,
        tags=location.tags,
        opts=component.child_options(),
    )
    right = assign_role(
        component,
        "flow-logs-write",
        BuiltInRole.STORAGE_BLOB_DATA_CONTRIBUTOR,
        scope=account.id,
        holder=Holder(name=f"{location.resource_group_id}/flow-logs", principal_id=writer.principal_id),
        location=location,
    )
    expiry = _create_expiry(component, spec.retention, location=location, account=account)
    endpoint = open_privately(component, "flow-logs-endpoint", service_id=account.id, part="blob", access=access, after=[right, expiry])
    *_, group, _, _, _, watcher = (spec.watcher_id or _own_watcher(location)).split("/")
    return network.FlowLog(
        component.child_name("flow-log"),
        network.FlowLogArgs(
            flow_log_name=location.resource_group,
            network_watcher_name=watcher,
            resource_group_name=group,
            location=location.location,
            target_resource_id=virtual_network_id,
            storage_id=account.id,
            enabled=True,
            identity=network.ManagedServiceIdentityArgs(
                type=network.ResourceIdentityType.USER_ASSIGNED, user_assigned_identities=identities(writer.id)
            ),
            format=network.FlowLogFormatParametersArgs(type=network.FlowLogFormatType.JSON, version=2),
            # A rule of the account deletes them: this would write over it.
            retention_policy=network.RetentionPolicyParametersArgs(enabled=False, days=0),
            flow_analytics_configuration=network.TrafficAnalyticsPropertiesArgs(
                network_watcher_flow_analytics_configuration=network.TrafficAnalyticsConfigurationPropertiesArgs(
                    enabled=spec.analytics,
                    traffic_analytics_interval=ANALYTICS_MINUTES,
                    workspace_id=workspace.customer_id,
                    workspace_region=location.location,
                    workspace_resource_id=workspace.id,
                )
            ),
            tags=location.tags,
        ),
        component.child_options(depends_on=[endpoint, *after]),
    )


def _create_expiry(
    component: Component, retention: timedelta, *, location: AzureLocation, account: storage.StorageAccount
) -> storage.ManagementPolicy:
    """Delete what nothing has been added to for ``retention``: there is one file for each hour."""
    age = storage.DateAfterModificationArgs(days_after_modification_greater_than=retention.days)
    return storage.ManagementPolicy(
        component.child_name("flow-logs-expiry"),
        storage.ManagementPolicyArgs(
            # Azure knows one for each account, by this name.
            management_policy_name="default",
            account_name=account.name,
            resource_group_name=location.resource_group,
            policy=storage.ManagementPolicySchemaArgs(
                rules=[
                    storage.ManagementPolicyRuleArgs(
                        name="expired",
                        type=storage.RuleType.LIFECYCLE,
                        definition=storage.ManagementPolicyDefinitionArgs(
                            actions=storage.ManagementPolicyActionArgs(base_blob=storage.ManagementPolicyBaseBlobArgs(delete=age)),
                            filters=storage.ManagementPolicyFilterArgs(blob_types=["blockBlob"]),
                        ),
                    )
                ]
            ),
        ),
        component.child_options(),
    )


def _own_watcher(location: AzureLocation) -> str:
    """The id of the Network Watcher that Azure creates by itself."""
    group = f"/subscriptions/{location.subscription_id}/resourceGroups/NetworkWatcherRG"
    return f"{group}/providers/Microsoft.Network/networkWatchers/NetworkWatcher_{location.location}"
