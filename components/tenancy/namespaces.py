"""A namespace and its bounds: Pod Security, quota, limits, traffic by name alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.kubernetes import labels
from components.tenancy.footprint import Footprint
from components.tenancy.traffic import TrafficRule, merge_traffic, network_policy
from facts.pod_security import PodSecurity, pod_security_labels

_CONTAINER_REQUESTS: Final = {"cpu": "50m", "memory": "64Mi"}
_CONTAINER_LIMITS: Final = {"memory": "256Mi"}


@dataclass(frozen=True, kw_only=True)
class NamespaceArgs:
    """One namespace.

    Attributes:
        namespace: its name.
        quota: the sum of what is put into it: the most that all of its pods together may ask for.
        traffic: the rules of what is put into it: the ways through its default-deny.
        pod_security: the level that is enforced.
        annotations: such as ``platform/rpo-method``.
        labels: beside those that every namespace has.
    """

    namespace: str
    quota: Footprint
    traffic: Sequence[TrafficRule] = ()
    pod_security: PodSecurity = PodSecurity.RESTRICTED
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


class Namespace(Component):
    """A namespace, its quota, limits of containers that state none, network policies (NET-001).

    Attributes:
        namespace: its name, known before it exists.
        ready: what runs in the namespace goes behind this, its last part: by then its limits and
            network policies hold.
    """

    namespace: str
    ready: kubernetes.core.v1.ResourceQuota

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.namespace = args.namespace
        created = kubernetes.core.v1.Namespace(
            self.child_name("namespace"),
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=args.namespace,
                labels={**labels(args.namespace), **pod_security_labels(args.pod_security), **args.labels},
                annotations=dict(args.annotations),
            ),
            opts=self.child_options(),
        )
        within = self.child_options(depends_on=[created])
        core, networking = kubernetes.core.v1, kubernetes.networking.v1
        container = core.LimitRangeItemArgs(type="Container", default_request=_CONTAINER_REQUESTS, default=_CONTAINER_LIMITS)
        limits = core.LimitRange(
            self.child_name("limits"), metadata=self._metadata("limits"), spec=core.LimitRangeSpecArgs(limits=[container]), opts=within
        )
        nothing = networking.NetworkPolicySpecArgs(pod_selector=kubernetes.meta.v1.LabelSelectorArgs(), policy_types=["Ingress", "Egress"])
        policies: list[pulumi.Resource] = [
            networking.NetworkPolicy(self.child_name("default-deny"), metadata=self._metadata("default-deny"), spec=nothing, opts=within),
            *(
                network_policy(self.child_name(f"allow-{rule.name}"), rule, namespace=args.namespace, opts=within)
                for rule in merge_traffic(args.traffic)
            ),
        ]
        # The quota refuses a pod that states nothing, so the limits that state it for the pod come
        # first.
        self.ready = core.ResourceQuota(
            self.child_name("quota"),
            metadata=self._metadata("quota"),
            spec=core.ResourceQuotaSpecArgs(hard=args.quota.hard()),
            opts=self.child_options(depends_on=[created, limits, *policies]),
        )
        self.register_outputs({"namespace": self.namespace})

    def _metadata(self, name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=self.namespace, labels=labels(self.namespace))
