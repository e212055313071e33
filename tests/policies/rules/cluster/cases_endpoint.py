from __future__ import annotations

from policies.findings import Level
from policies.rules.cluster.endpoint import (
    WAYS_IN,
    private_cluster_has_way_in,
    public_aks_endpoint_is_restricted,
    public_cluster_endpoint_is_restricted,
)
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided

PUBLIC = "vpcConfig.endpointPublicAccess"
CIDRS = "vpcConfig.publicAccessCidrs"
PRIVATE = good(EKS_CLUSTER, {"vpcConfig": {"endpointPrivateAccess": True, "endpointPublicAccess": False}}, "cluster")
RESTRICTED = good(EKS_CLUSTER, {"vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]}}, "cluster")
WAYS = {cluster: [good(token, {}, "way") for token in tokens] for cluster, tokens in WAYS_IN.items()}
ENABLED = "apiServerAccessProfile.enablePrivateCluster"
RANGES = "apiServerAccessProfile.authorizedIPRanges"
PRIVATE_AKS = good(AKS_CLUSTER, {"apiServerAccessProfile": {"enablePrivateCluster": True}}, "cluster")
RESTRICTED_AKS = good(AKS_CLUSTER, {"apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"]}}, "cluster")
WORLDS = (
    ["0.0.0.0/0"],
    ["128.0.0.0/1"],
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["203.0.113.0/24", "64.0.0.0/2", "128.0.0.0/2"],
    ["::/0"],
)

CASES = (
    *cases(
        private_cluster_has_way_in,
        *(accepts(PRIVATE, beside=[way]) for way in WAYS[EKS_CLUSTER]),
        *(accepts(PRIVATE_AKS, beside=[way]) for way in WAYS[AKS_CLUSTER]),
        accepts(RESTRICTED_AKS),
        accepts(RESTRICTED),
        refuses(PRIVATE, at=PUBLIC, level=Level.ADVISORY),
        refuses(PRIVATE_AKS, at=ENABLED, beside=WAYS[EKS_CLUSTER], level=Level.ADVISORY),
        undecided(RESTRICTED, PUBLIC),
        undecided(RESTRICTED_AKS, ENABLED),
    ),
    *cases(
        public_cluster_endpoint_is_restricted,
        accepts(RESTRICTED),
        accepts(PRIVATE, beside=WAYS[EKS_CLUSTER][:1]),
        *(refuses(RESTRICTED, {CIDRS: cidrs}, level=Level.ADVISORY) for cidrs in WORLDS),
        refuses(RESTRICTED, {CIDRS: None}, level=Level.ADVISORY),
        refuses(RESTRICTED, {PUBLIC: None, CIDRS: None}, level=Level.ADVISORY),
        undecided(RESTRICTED, CIDRS),
        undecided(RESTRICTED, f"{CIDRS}[0]"),
    ),
    *cases(
        public_aks_endpoint_is_restricted,
        accepts(RESTRICTED_AKS),
        accepts(PRIVATE_AKS, beside=WAYS[AKS_CLUSTER][:1]),
        *(refuses(RESTRICTED_AKS, {RANGES: ranges}, level=Level.ADVISORY) for ranges in (*WORLDS, [], None)),
        refuses(RESTRICTED_AKS, {"apiServerAccessProfile": None}, at=RANGES, level=Level.ADVISORY),
        undecided(RESTRICTED_AKS, RANGES),
        undecided(RESTRICTED_AKS, f"{RANGES}[0]"),
        undecided(RESTRICTED_AKS, ENABLED, {RANGES: None}),
    ),
)
