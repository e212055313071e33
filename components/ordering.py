"""The order in which resources are created and, the other way round, destroyed."""

from __future__ import annotations

import pulumi


def behind(options: pulumi.ResourceOptions, *gates: pulumi.Resource | None) -> pulumi.ResourceOptions:
    """``options`` of something that is created after ``gates`` and destroyed before them.

    A gate is one custom resource, not a component: the SDK walks all that lies below a component, and all
    that a dependency depends on in turn, anew for each resource that names it.
    """
    needed = [gate for gate in gates if gate is not None]
    return pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(depends_on=needed))
