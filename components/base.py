"""What every component shares: its type token, the names of its children and the way it ends."""

from __future__ import annotations

from typing import Any

import pulumi


class Component(pulumi.ComponentResource):
    """A ComponentResource whose token is ``plinth:<domain>:<Class>``.

    The domain is the folder below ``components/`` that defines the class, so that a token cannot disagree with the place.
    What the component is put behind (``depends_on`` in ``opts``), its children are behind too: Pulumi hands down providers, but not that.
    A subclass creates its children with :meth:`child_name` and :meth:`child_options` and ends its ``__init__`` with
    ``register_outputs``: the offline engine refuses a component that forgot.
    """

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(token_of(type(self)), name, None, opts)
        self.component_name = name
        self._behind = pulumi.ResourceOptions(depends_on=opts.depends_on if opts else None)

    def child_name(self, role: str) -> str:
        """The resource name of the child that plays ``role``: ``<component name>-<role>``."""
        return f"{self.component_name}-{role}"

    def go_behind(self, gate: pulumi.Resource) -> None:
        """Put the children that are created from now on behind ``gate`` too."""
        self._behind = pulumi.ResourceOptions.merge(self._behind, pulumi.ResourceOptions(depends_on=[gate]))

    def child_options(self, **options: Any) -> pulumi.ResourceOptions:
        """Options of a child: this component is its parent; ``options`` are those of ``pulumi.ResourceOptions``."""
        return pulumi.ResourceOptions.merge(self._behind, pulumi.ResourceOptions(parent=self, **options))


def token_of(component: type[Component]) -> str:
    """The type token of a component class: ``components.network.aws.network.AwsNetwork`` is ``plinth:network:AwsNetwork``."""
    domain = component.__module__.split(".")[1]
    return f"plinth:{domain}:{component.__name__}"
