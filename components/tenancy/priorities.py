"""Which pods go first when a cluster is full."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.kubernetes import labels

CRITICAL: Final = "platform-critical"
PLATFORM: Final = "platform"
WORKLOAD: Final = "workload"

# Kubernetes keeps values above one billion for its own classes, which come before all of these.
_CLASSES: Final = {
    CRITICAL: (1_000_000, "What others cannot run without: brokers, certificates, admission"),
    PLATFORM: (100_000, "The platform's other parts: metrics, exporters, dashboards"),
    WORKLOAD: (1_000, "Applications; the class of every pod that names none"),
}


class PriorityClasses(Component):
    """The platform's priority classes; ``workload`` is the default.

    Attributes:
        classes: each class by its name; a pod that names one is refused until it exists.
    """

    classes: Mapping[str, kubernetes.scheduling.v1.PriorityClass]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.classes = {
            class_name: kubernetes.scheduling.v1.PriorityClass(
                self.child_name(class_name),
                metadata=kubernetes.meta.v1.ObjectMetaArgs(name=class_name, labels=labels(class_name)),
                value=value,
                global_default=class_name == WORKLOAD,
                description=description,
                opts=self.child_options(),
            )
            for class_name, (value, description) in _CLASSES.items()
        }
        self.register_outputs({})
