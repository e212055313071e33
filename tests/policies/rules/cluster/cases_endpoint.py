from __future__ import annotations

from policies.findings import Level
from policies.rules.cluster.endpoint import WAYS_IN, private_cluster_has_way_in, public_cluster_endpoint_is_restricted
from policies.rules.cluster.node_pools import EKS_CLUSTER
from tests.policies.rules.cases import accepts, cases, good, refuses, undecided

PUBLIC = "vpcConfig.endpointPublicAccess"
CIDRS = "vpcConfig.publicAccessCidrs"
PRIVATE = good(EKS_CLUSTER, {"vpcConfig": {"endpointPrivateAccess": True, "endpointPublicAccess": False}}, "cluster")
RESTRICTED = good(EKS_CLUSTER, {"vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]}}, "cluster")
WAYS = [good(token, {}, "way") for token in WAYS_IN]
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
        *(accepts(PRIVATE, beside=[way]) for way in WAYS),
        accepts(RESTRICTED),
        refuses(PRIVATE, at=PUBLIC, level=Level.ADVISORY),
        undecided(RESTRICTED, PUBLIC),
    ),
    *cases(
        public_cluster_endpoint_is_restricted,
        accepts(RESTRICTED),
        accepts(PRIVATE, beside=WAYS[:1]),
        *(refuses(RESTRICTED, {CIDRS: cidrs}, level=Level.ADVISORY) for cidrs in WORLDS),
        refuses(RESTRICTED, {CIDRS: None}, level=Level.ADVISORY),
        refuses(RESTRICTED, {PUBLIC: None, CIDRS: None}, level=Level.ADVISORY),
        undecided(RESTRICTED, CIDRS),
        undecided(RESTRICTED, f"{CIDRS}[0]"),
    ),
)
