"""The questions that a cluster is asked, in the order in which the answers are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from doctor.checks.network import check_addresses, check_cilium, check_network_policies
from doctor.checks.nodes import check_capacity, check_nodes
from doctor.checks.objects import check_collisions, check_definitions
from doctor.checks.release import check_clock, check_release
from doctor.checks.rights import check_rights
from doctor.checks.services import check_ingress_class, check_load_balancer, check_metrics, check_pod_security
from doctor.checks.storage import check_snapshots, check_storage_classes
from doctor.cluster import Cluster
from doctor.errors import ForbiddenError
from doctor.findings import Finding, unchecked, weigh
from doctor.needs import Needs

Check = Callable[[Needs, Cluster], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    check_release,
    check_clock,
    check_nodes,
    check_capacity,
    check_storage_classes,
    check_snapshots,
    check_network_policies,
    check_cilium,
    check_addresses,
    check_pod_security,
    check_load_balancer,
    check_ingress_class,
    check_metrics,
    check_definitions,
    check_collisions,
    check_rights,
)


def examine(needs: Needs, cluster: Cluster) -> Iterator[Finding]:
    """Every answer that counts in the stack's tier; a question that the user may not ask is left unchecked, the others are asked.

    Raises:
        ConnectError: the cluster stops answering.
    """
    for check in CHECKS:
        found: list[Finding] = []
        try:
            found.extend(check(needs, cluster))
        except ForbiddenError as error:
            subject = check.__name__.removeprefix("check_").replace("_", " ")
            found.append(unchecked(subject, str(error), "Ask again with a context that may"))
        yield from (weighed for each in found if (weighed := weigh(each, needs.tier)) is not None)
