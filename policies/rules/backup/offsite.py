"""BAK-006: backups are not lost with the cluster: they lie in another region or account, are copied there, or lie in several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.regions import home_regions, normalised, region_of, regions_of
from policies.rules.backup.buckets import ACCOUNT, BUCKETS, REPLICATION, is_named, set_of, stores_of_backups
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from policies.values import UNKNOWN, Value
from policies.velero import LOCATION, SERVER_TYPES

GEO_REDUNDANT: Final = ("Standard_GRS", "Standard_RAGRS", "Standard_GZRS", "Standard_RAGZRS")
OBJECT_REPLICATION: Final = "azure-native:storage:ObjectReplicationPolicy"
_CLUSTERS: Final = (EKS_CLUSTER, AKS_CLUSTER)
_STORES: Final = (*BUCKETS, ACCOUNT, LOCATION, *SERVER_TYPES)
_LATER: Final = "where it is unknown, nothing else is known that could be wrong"


@stack_rule("BAK-006", on=(*_STORES, *_CLUSTERS, *REPLICATION, OBJECT_REPLICATION))
def store_of_backups_is_copied_elsewhere(resources: Sequence[Resource], stack: Stack) -> Findings:
    """A bucket that is copied to another region or account, or is in another one than the cluster; an account that Azure copies."""
    clusters = regions_of([each for each in resources if each.type in _CLUSTERS]) or home_regions(stack)
    copies = [each for each in resources if each.type in REPLICATION]
    for store in stores_of_backups(resources):
        if _is_away(store, clusters) or _is_copy(store, copies):
            continue
        if store.type == ACCOUNT:
            if not any(_belongs(each, store) for each in resources if each.type == OBJECT_REPLICATION):
                yield from store["sku"]["name"].must_be_one_of(
                    GEO_REDUNDANT, "the backups are lost with their region: the account is not copied to another one"
                )
        elif not _is_replicated(store, set_of(store, resources, REPLICATION), resources, home_regions(stack)):
            yield from store["bucket"].refuse(
                "the backups are lost with their region: the bucket is not copied to another region or account",
                "Add a BucketReplicationConfig to a bucket in another region",
            )


def _is_away(store: Resource, clusters: frozenset[str]) -> bool:
    place = region_of(store)
    region = place.peek("it is noted where it matters")
    if not clusters or region is None:
        return False
    return place.is_unknown if region is UNKNOWN else normalised(region) not in clusters


def _is_copy(store: Resource, copies: Sequence[Resource]) -> bool:
    return any(
        is_named(rule["destination"]["bucket"], copy, store) and not is_named(copy["bucket"], copy, store)
        for copy in copies
        for rule in copy["rules"].each()
    )


def _is_replicated(bucket: Resource, configs: Sequence[Resource], resources: Sequence[Resource], home: frozenset[str]) -> bool:
    """Whether a rule of the bucket, or of what stands beside it, may copy to another region or account."""
    inline = [bucket["replicationConfiguration"], *bucket["replicationConfigurations"].each()]
    rules = [(rule, bucket) for each in inline for rule in each["rules"].each()]
    rules += [(rule, config) for config in configs for rule in config["rules"].each()]
    return any(config["rules"].is_unknown for config in configs) or any(
        rule["status"].may_equal("Enabled") and not _stays(rule["destination"], holder, bucket, resources, home) for rule, holder in rules
    )


def _stays(destination: Value, holder: Resource, bucket: Resource, resources: Sequence[Resource], home: frozenset[str]) -> bool:
    """Whether a copy is known to stay in the region and account of its bucket."""
    if destination["account"].is_present:
        return False
    region = region_of(bucket).peek(_LATER)
    here = home if region is None else {normalised(region)}
    targets = [
        each for each in resources if each.type in BUCKETS and each.urn != bucket.urn and is_named(destination["bucket"], holder, each)
    ]
    there = {normalised(region_of(each).peek(_LATER)) for each in targets}
    return bool(there) and None not in there and there <= here


def _belongs(policy: Resource, account: Resource) -> bool:
    return is_named(policy["accountName"], policy, account)
