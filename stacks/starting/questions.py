"""What only the user of a new stack knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from facts.tiers import Tier

_KEPT: Final = (Tier.STAGING, Tier.PRODUCTION)


@dataclass(frozen=True, kw_only=True)
class Question:
    """One answer that a stack file cannot do without.

    Attributes:
        name: of the option ``--<name>``.
        text: what is asked, and how the answer is written.
        example: an answer.
        tiers: those that need it.
    """

    name: str
    text: str
    example: str
    tiers: Sequence[Tier] = tuple(Tier)


_EVERYWHERE: Final = (
    Question(name="team", text="Who answers for the stack; becomes a label of what it makes", example="platform_team"),
    Question(
        name="runbooks",
        text="Where people find the folder runbooks/ of this repository; alerts link to it",
        example="https://git.example.com/platform/plinth/blob/main/runbooks",
    ),
)
_AWS: Final = (
    Question(name="region", text="The region", example="eu-west-1"),
    Question(name="account", text="The account's twelve digits", example="111122223333"),
    Question(
        name="role",
        text="ARN of the IAM role that deploys and administers the cluster; `plinth bootstrap aws` makes one",
        example="arn:aws:iam::111122223333:role/plinth-deployer",
    ),
)
_AZURE: Final = (
    Question(name="location", text="The region", example="westeurope"),
    Question(name="subscription", text="The subscription's id", example="11112222-0000-4000-8000-333300000000"),
    Question(name="tenant", text="The id of the Entra tenant that the subscription trusts", example="11112222-0000-4000-8000-333344445555"),
    Question(
        name="admin-group",
        text="Object id of the Entra group that administers cluster and database; whoever deploys is a member",
        example="aaaa1111-0000-4000-8000-bbbb22223333",
    ),
    Question(name="admin-group-name", text="The group's display name, by which it signs in to the database", example="platform-admins"),
    Question(
        name="caller",
        text="The network, as the internet sees it, from which people and pipelines call the Kubernetes API",
        example="198.51.100.0/24",
    ),
)
_EXISTING: Final = (
    Question(name="context", text="The kubeconfig context", example="homelab"),
    Question(name="nodes", text="How many nodes take pods", example="3"),
    Question(name="node-cidr", text="Where the nodes have their addresses", example="192.168.1.0/24"),
    Question(name="api-server", text="The API server's address, as kubectl get endpointslices kubernetes says", example="192.168.1.10/32"),
    Question(name="service-cidr", text="The range of Services: 10.43.0.0/16 of k3s, 10.96.0.0/12 of Talos", example="10.43.0.0/16"),
    Question(
        name="storage-class",
        text="A StorageClass that can expand its volumes and, in staging and production, retains them",
        example="longhorn-retain",
    ),
    Question(
        name="zones",
        text="The values of the nodes' label topology.kubernetes.io/zone, with commas: racks or hosts will do",
        example="rack-a,rack-b,rack-c",
        tiers=_KEPT,
    ),
    Question(name="snapshot-class", text="A VolumeSnapshotClass", example="longhorn", tiers=_KEPT),
    Question(
        name="bucket-endpoint",
        text="The S3 service outside of the cluster that takes the database's backups",
        example="https://s3.example.com",
        tiers=_KEPT,
    ),
    Question(name="bucket", text="Its bucket, versioned and locked", example="platform-backups", tiers=_KEPT),
    Question(
        name="bucket-cidr",
        text="Where the service has its addresses; 0.0.0.0/0 where nobody knows",
        example="203.0.113.0/24",
        tiers=_KEPT,
    ),
)

QUESTIONS: Final[Mapping[str, tuple[Question, ...]]] = {
    "aws": (*_EVERYWHERE, *_AWS),
    "azure": (*_EVERYWHERE, *_AZURE),
    "existing": (*_EVERYWHERE, *_EXISTING),
}
"""By place."""
