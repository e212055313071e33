"""DR-005 and DR-006: what holds data says how much of it may be lost and how long it may be away, and that is little enough."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from facts.duration import format_duration
from policies import cloudnative_pg, nats, rabbitmq
from policies.findings import Finding, Findings
from policies.helm import RELEASE_TYPES
from policies.model import Resource, Stack, rule
from policies.recovery import RPO_MARKER, RTO_MARKER, markers_of, read_target
from policies.rules.backup.buckets import ACCOUNT, BUCKETS
from policies.rules.backup.claimants import claims_of
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from policies.rules.database.kinds import AZURE_SERVER, RDS_CLUSTER, RDS_INSTANCE, is_postgres
from policies.rules.storage.claims import CLAIM_TYPE, MONITORING_TYPES, STATEFUL_SETS
from policies.tags import tag
from policies.values import UNKNOWN, Value

_CLOUD: Final = (RDS_INSTANCE, RDS_CLUSTER, rabbitmq.AMAZON_MQ, *BUCKETS, AKS_CLUSTER, AZURE_SERVER, ACCOUNT)
_IN_CLUSTER: Final = (*STATEFUL_SETS, rabbitmq.CLUSTER, cloudnative_pg.CLUSTER)
_WHERE_THEY_CLAIM: Final = (*MONITORING_TYPES, *RELEASE_TYPES)
_FREE_TO_DECLARE: Final = (EKS_CLUSTER, CLAIM_TYPE, *nats.STREAMS)
"""What has to hold to what it declares, but need not declare anything."""

_MARKERS: Final = (RPO_MARKER, RTO_MARKER)
_MOST: Final = {RPO_MARKER: timedelta(hours=1), RTO_MARKER: timedelta(hours=4)}
"""The tier ``standard-platform`` of the catalogue, which is everybody's who is in no stricter one."""
_MOST_OF_ENTERPRISE: Final = {RPO_MARKER: timedelta(minutes=5), RTO_MARKER: timedelta(minutes=10)}
"""The tier ``postgres-enterprise``."""


@rule("DR-005", "DR-006", on=(*_CLOUD, *_IN_CLUSTER, *_WHERE_THEY_CLAIM))
def stateful_resource_declares_recovery_targets(resource: Resource, _: Stack) -> Findings:
    """By tags in a cloud, by annotations in the cluster; charts and Prometheus where they claim volumes."""
    claims = list(claims_of(resource)) if resource.type in _WHERE_THEY_CLAIM else []
    if resource.type in _WHERE_THEY_CLAIM and not claims:
        return
    missing = []
    for marker in _MARKERS:
        places = _places(resource, marker)
        missing += [] if places else [marker]
        for place in places:
            yield from place.must_satisfy(
                lambda target: read_target(target) >= timedelta(0),
                "the declared recovery target is not a duration that a program can read",
                f"Write a number with a unit such as {format_duration(_MOST[marker])}",
            )
    if missing:
        is_cloud = resource.type in _CLOUD
        names = [_tag_of(marker) if is_cloud else marker for marker in missing]
        where = resource["tags"] if is_cloud else claims[0] if claims else resource["metadata"]["annotations"]
        if not where.is_unknown:
            yield from where.refuse(
                f"the resource holds data and does not declare {' and '.join(names)}: nobody can tell whether its backups suffice",
                f"Add {'the tags' if is_cloud else 'annotations'} {' and '.join(names)}",
            )


@rule("DR-005", on=(*_CLOUD, *_IN_CLUSTER, *_WHERE_THEY_CLAIM, *_FREE_TO_DECLARE))
def recovery_targets_keep_to_their_tier(resource: Resource, _: Stack) -> Findings:
    """An hour of data and four hours of time; of PostgreSQL that is tagged ``tier=enterprise`` five and ten minutes."""
    enterprise = _enterprise(resource)
    for marker in _MARKERS:
        for place in _places(resource, marker):
            found = _check(place, _MOST[marker])
            yield from found
            if enterprise is not None and not found:
                yield from _check(place.provided(enterprise), _MOST_OF_ENTERPRISE[marker])


def _check(place: Value, most: timedelta) -> Sequence[Finding]:
    """What is not a duration is the other rule's to refuse."""
    return place.must_satisfy(
        lambda target: not _is_longer(target, most),
        f"the declared recovery target is above the {format_duration(most)} that its tier allows at most",
        f"Declare {format_duration(most)} or less, and see to it that backups and copies achieve it",
    )


def _is_longer(target: object, most: timedelta) -> bool:
    try:
        return read_target(target) > most
    except (TypeError, ValueError):
        return False


def _enterprise(resource: Resource) -> Value | None:
    """The tag that puts a database into the tier, or may once it is known; None where it does not."""
    if resource.type not in {RDS_INSTANCE, RDS_CLUSTER, AZURE_SERVER} or not is_postgres(resource):
        return None
    tier = tag(resource, "tier")
    content = tier.peek("it is noted where the stricter tier would matter")
    return tier if content is UNKNOWN or str(content).lower() == "enterprise" else None


def _places(resource: Resource, marker: str) -> list[Value]:
    if resource.type not in (*_CLOUD, EKS_CLUSTER):
        return markers_of(resource, marker)
    place = tag(resource, _tag_of(marker), marker)
    return [] if place.peek("an unknown one is there all the same") is None else [place]


def _tag_of(marker: str) -> str:
    """The name that a marker has among the tags of a cloud."""
    return marker.replace("/", ":")
