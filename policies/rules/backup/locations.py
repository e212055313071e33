"""BAK-006: Velero writes its backups to where the cluster is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from policies.findings import Findings
from policies.model import Resource, Stack, stack_rule
from policies.regions import home_regions, normalised, regions_of
from policies.rules.backup.buckets import BUCKETS, is_named
from policies.rules.cluster.node_pools import AKS_CLUSTER, EKS_CLUSTER
from policies.values import UNKNOWN, Value
from policies.velero import LOCATION, SERVER_TYPES, installations_of, locations_of

_CLUSTERS: Final = (EKS_CLUSTER, AKS_CLUSTER)
_IN_CLUSTER: Final = re.compile(r"[^.]+|.+\.svc(?:\.cluster\.local)?\.?|.+\.cluster\.local\.?")
_LATER: Final = "where it is unknown, nothing else is known that could be wrong"


@stack_rule("BAK-006", on=(*BUCKETS, LOCATION, *SERVER_TYPES, *_CLUSTERS))
def velero_writes_outside_of_its_cluster(resources: Sequence[Resource], stack: Stack) -> Findings:
    """A store in the cluster goes with it; one that another stack makes has to be in another region."""
    clusters = regions_of([each for each in resources if each.type in _CLUSTERS])
    clusters = clusters and (clusters | home_regions(stack))
    stores = [each for each in resources if each.type in BUCKETS]
    for location, holder, bucket in _locations(resources):
        url, region = location["config"]["s3Url"], location["config"]["region"]
        yield from url.must_satisfy(
            lambda text: not _is_in_cluster(text),
            "the backups are kept in the cluster that they are to bring back",
            "Write into a bucket outside of the cluster",
        )
        is_of_stack = any(is_named(bucket, holder, each) for each in stores)
        is_aws = location["provider"].text().rpartition("/")[2] == "aws" and url.is_absent
        if clusters and is_aws and not is_of_stack and bucket.peek(_LATER) not in (None, UNKNOWN):
            yield from region.must_satisfy(
                lambda name: normalised(name) is not None and normalised(name) not in clusters,
                "nothing shows that the backups outlive the region of the cluster: their bucket is in no other one that is known",
                "Name a bucket of another region, or make it in this stack and replicate it",
            )


def _locations(resources: Sequence[Resource]) -> Iterator[tuple[Value, Resource, Value]]:
    """Every location with its resource and where its bucket stands."""
    for installation in installations_of(resources):
        for location in locations_of(installation):
            yield location, installation.resource, location["bucket"]
    for each in resources:
        if each.type == LOCATION:
            yield each["spec"], each, each.at("spec.objectStorage.bucket")


def _is_in_cluster(url: Any) -> bool:
    if not isinstance(url, str) or not url:
        return False
    try:
        host = urlsplit(url if "://" in url else f"//{url}").hostname or ""
    except ValueError:
        return False
    return _IN_CLUSTER.fullmatch(host) is not None and ":" not in host
