"""Rules about the cluster itself."""

from __future__ import annotations

from policies.rules.cluster import endpoint, node_pools

MODULES = (node_pools, endpoint)
