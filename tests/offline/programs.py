"""What programs under test are made of: resources of an invented provider, declared without an SDK."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi

TOPIC = "cloud:events:Topic"


class Topic(pulumi.CustomResource):
    """A resource with an output ``name`` that echoes an input, and ``arn`` that only the provider knows."""

    name: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, resource_name: str, props: Mapping[str, Any] | None = None, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(TOPIC, resource_name, {"name": None, "arn": None, **(props or {})}, opts)


class Provider(pulumi.ProviderResource):
    """The provider of :class:`Topic`."""

    def __init__(self, resource_name: str = "cloud", props: Mapping[str, Any] | None = None) -> None:
        super().__init__("cloud", resource_name, dict(props or {}))


class Group(pulumi.ComponentResource):
    """A component whose children ``build`` makes."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, build: Callable[[Group], Any] | None = None) -> None:
        super().__init__("test:index:Group", name, None, opts)
        self.built = build(self) if build else None
        self.register_outputs({})


def child_of(parent: pulumi.Resource, **options: Any) -> pulumi.ResourceOptions:
    """Options of a child."""
    return pulumi.ResourceOptions(parent=parent, **options)
