"""What a cluster that exists offers: nobody can be asked before the first preview, so its user says it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import Field, ValidationInfo, model_validator

from components.models.scalars import Cidr, Count, Flag, KubernetesRelease, Port, ResourceName
from components.models.section import Contradiction, Section, refuse, twice
from components.models.surroundings import Surroundings
from components.models.written import Written
from facts.tiers import Tier

_HTTPS: Final = 443
_ZONES_IN_PRODUCTION: Final = 3
_ZONE: Final = Written(what="the value of a node's label", pattern=r"^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$", example="rack-a")
_Cidrs = Annotated[tuple[Cidr, ...], Field(min_length=1)]


class ApiServerSettings(Section):
    """Where the Kubernetes API is, for network policies."""

    service_cidr: Cidr = Field(description="The range of the cluster's services: k3s has 10.43.0.0/16, Talos and kubeadm 10.96.0.0/12.")
    endpoints: _Cidrs = Field(description="Where its servers have their addresses: kubectl get endpointslices kubernetes.")
    port: Port = Field(default=6443, description="The port of its servers.")
    webhook_callers: tuple[Cidr, ...] = Field(
        default=(),
        description="Whence its servers call pods; without any, from their endpoints. Where the network gives them other addresses, as "
        "flannel does, the range of pods: k3s has 10.42.0.0/16.",
    )

    @property
    def ports(self) -> tuple[int, ...]:
        """Those of its service and of its servers."""
        return tuple(dict.fromkeys((_HTTPS, self.port)))


class ClusterSettings(Section):
    """A Kubernetes cluster that somebody else runs: what it offers. `plinth doctor` holds it against the cluster."""

    version: KubernetesRelease = Field(description="Its Kubernetes release, in quotes.")
    nodes: Annotated[Count, Field(ge=1, le=5000)] = Field(description="How many nodes take pods.")
    most_nodes: Annotated[Count, Field(ge=1, le=5000)] | None = Field(
        default=None, description="How many there may be at once, those included that an upgrade adds; without it one more than nodes."
    )
    zones: tuple[Annotated[str, _ZONE], ...] = Field(
        default=(),
        description="The values that its nodes have for the label topology.kubernetes.io/zone; none where they have no such label.",
    )
    node_cidrs: _Cidrs = Field(description="Where its nodes have their addresses.")
    api_server: ApiServerSettings = Field(description="Where the Kubernetes API is.")
    storage_class: ResourceName = Field(
        description="The class of all volumes. It has to be able to expand them, and in staging and production to retain them (MSG-012)."
    )
    broker_storage_class: ResourceName | None = Field(
        default=None, description="The class of the brokers' volumes, where there is a faster one; without it the same."
    )
    snapshot_class: ResourceName | None = Field(default=None, description="The VolumeSnapshotClass; null where it cannot make snapshots.")
    network_policies: Flag = Field(description="Whether something enforces network policies. Flannel alone does not.")
    nodes_by_address: Flag = Field(
        default=True,
        description="Whether network policies know nodes, and the API server upon them, by their addresses. With false they are named in "
        "Cilium's own policies: Cilium knows no node by its address unless its policyCIDRMatchMode is nodes.",
    )
    pod_security: Flag = Field(description="Whether the Pod Security admission is on, as Kubernetes has it by default.")
    load_balancer: Flag = Field(default=False, description="Whether Services of type LoadBalancer get an address.")
    ingress_class: ResourceName | None = Field(default=None, description="The IngressClass; null where there is none.")

    @property
    def upgraded_nodes(self) -> int:
        """How many nodes there may be at once."""
        return self.nodes + 1 if self.most_nodes is None else self.most_nodes

    @property
    def is_zoned(self) -> bool:
        """Whether the nodes say in which zone they are."""
        return bool(self.zones)

    def contradictions(self) -> Iterator[Contradiction]:
        """Zones that stand twice or hold no node, and nodes that an upgrade could not replace."""
        yield from twice(self.zones, "zones")
        if len(self.zones) > self.nodes:
            yield ("zones",), f"there are {len(self.zones)}, but {self.nodes} nodes to be in them; name those that have nodes"
        if self.most_nodes is not None and self.most_nodes < self.nodes:
            yield ("mostNodes",), f"{self.most_nodes} is less than nodes, which is {self.nodes}; allowed is that or more"

    @model_validator(mode="after")
    def _is_enough_for_its_tier(self, info: ValidationInfo) -> ClusterSettings:
        tier = info.context.tier if isinstance(info.context, Surroundings) else None
        if tier is Tier.STAGING or tier is Tier.PRODUCTION:
            refuse(self._lacking(tier))
        return self

    def _lacking(self, tier: Tier) -> Iterator[Contradiction]:
        needs = f"{tier.value} needs"
        if not self.network_policies:
            problem = f"{needs} network policies that are enforced (NET-001); install a network that does, such as Cilium or Calico"
            yield ("networkPolicies",), problem
        if not self.pod_security:
            yield ("podSecurity",), f"{needs} the Pod Security admission (POD-002); switch it on at the API server"
        if self.snapshot_class is None:
            yield ("snapshotClass",), f"{needs} snapshots of volumes (BAK-007); install a CSI driver that makes them, and name its class"
        if tier is Tier.PRODUCTION and len(self.zones) < _ZONES_IN_PRODUCTION:
            found = len(self.zones)
            yield (
                ("zones",),
                f"{found} zones; production needs {_ZONES_IN_PRODUCTION}, so that one can fail; label the nodes by rack or host",
            )
        elif self.nodes < _ZONES_IN_PRODUCTION:
            yield ("nodes",), f"{self.nodes} nodes; {needs} {_ZONES_IN_PRODUCTION}, so that one can fail"
