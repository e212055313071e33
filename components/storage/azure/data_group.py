"""Where on Azure lies what outlives the platform: object stores, and the keys without which nothing that stays can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pulumi
from pulumi_azure_native import resources

from components.azure import AzureLocation
from components.base import Component


@dataclass(frozen=True, kw_only=True)
class DataGroupArgs:
    """What outlives the platform, and when.

    Attributes:
        location: of the platform; its resource group is the one that does not outlive it.
        keep_data: the group and what is in it stay when the stack is taken down.
        retain: protects the group.
    """

    location: AzureLocation
    keep_data: bool
    retain: bool


class DataGroup(Component):
    """A resource group beside the platform's own: Azure deletes a group with everything in it.

    Attributes:
        location: of what belongs into it.
        ready: what belongs into it goes behind this.
    """

    def __init__(self, name: str, args: DataGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.location = replace(args.location, resource_group=f"{args.location.resource_group}-data")
        self.ready = resources.ResourceGroup(
            self.child_name("group"),
            resources.ResourceGroupArgs(
                resource_group_name=self.location.resource_group, location=self.location.location, tags=self.location.tags
            ),
            self.child_options(protect=args.retain, retain_on_delete=args.keep_data),
        )
        self.register_outputs({})
