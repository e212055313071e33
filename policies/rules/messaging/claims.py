"""DR-001: which NATS servers hold a stream that claims to lose nothing, or claim so themselves."""

from __future__ import annotations

from collections.abc import Sequence

from policies import nats
from policies.findings import Finding
from policies.model import Resource
from policies.rules.messaging.brokers import addresses_of, serving
from policies.rules.messaging.recovery_points import claims_zero, narrow


class Claims:
    """The claims of a stack, looked up only where servers fall short of them."""

    def __init__(self, resources: Sequence[Resource]) -> None:
        """``resources`` are those that run servers, and the streams."""
        self._resources = resources

    def assign(self, servers: Resource, found: Sequence[Finding], *otherwise: str) -> Sequence[Finding]:
        """Findings about servers as they are where these make the claim, else those of the requirements ``otherwise``."""
        return found if not found or self._are_claimed(servers) else narrow(found, *otherwise)

    def _are_claimed(self, servers: Resource) -> bool:
        if claims_zero(servers):
            return True
        addresses = addresses_of(self._resources)
        streams = [resource for resource in self._resources if resource.type in nats.STREAMS]
        return any(claims_zero(stream) for stream in streams if any(each.resource is servers for each in serving(stream, addresses)))
