"""AWS functions that are computed: partitions, regions and ARNs, from the tables that AWS publishes with its SDK."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Final

from offline.functions.call import Call

_ARN_PARTS: Final = ("arn", "partition", "service", "region", "account", "resource")


def get_partition(call: Call) -> dict[str, Any]:
    """``aws.get_partition``: the partition of the provider's region."""
    partition = _partition_of(call, call.region)
    suffix = partition["outputs"]["dnsSuffix"]
    reverse = ".".join(reversed(suffix.split(".")))
    return {"id": partition["id"], "partition": partition["id"], "dnsSuffix": suffix, "reverseDnsPrefix": reverse}


def get_region(call: Call) -> dict[str, Any]:
    """``aws.get_region``: by endpoint or name, else the region of the arguments or the provider."""
    endpoint, name = call.args.get("endpoint"), call.args.get("name") or call.args.get("region")
    by_endpoint = next((region for region in _regions() if _endpoint(call, region) == endpoint), None)
    if endpoint and by_endpoint is None:
        raise call.refusal(f"region not found for endpoint {endpoint!r}")
    if by_endpoint and name and by_endpoint != name:
        raise call.refusal("multiple regions matched; use additional constraints to reduce matches to a single region")
    region = by_endpoint or name or call.region
    known = _partition_of(call, region)["regions"]
    if region not in known:
        raise call.refusal(f"region not found for name {region!r}")
    return {
        "id": region,
        "name": region,
        "region": region,
        "description": known[region]["description"],
        "endpoint": _endpoint(call, region),
    }


def get_arn(call: Call) -> dict[str, Any]:
    """``aws.get_arn``: the parts of an ARN."""
    text = call.args.get("arn")
    parts = text.split(":", len(_ARN_PARTS) - 1) if isinstance(text, str) else []
    if len(parts) != len(_ARN_PARTS) or parts[0] != "arn":
        raise call.refusal(f"{text!r} is no ARN; write it as arn:partition:service:region:account:resource")
    return {**dict(zip(_ARN_PARTS, parts, strict=True)), "arn": text, "id": text}


def known_region(call: Call) -> str:
    """The region of the call.

    Raises:
        FunctionArgumentError: AWS has no such region.
    """
    region = call.region
    if region not in _partition_of(call, region)["regions"]:
        raise call.refusal(f"AWS has no region {region!r}")
    return region


@functools.cache
def _partitions() -> list[dict[str, Any]]:
    partitions: list[dict[str, Any]] = json.loads((files("botocore") / "data/partitions.json").read_text())["partitions"]
    return partitions


def _regions() -> Iterator[str]:
    for partition in _partitions():
        yield from partition["regions"]


def _partition_of(call: Call, region: str) -> Mapping[str, Any]:
    for partition in _partitions():
        if region in partition["regions"] or re.search(partition["regionRegex"], region):
            return partition
    raise call.refusal(f"no partition of AWS has the region {region!r}")


def _endpoint(call: Call, region: str) -> str:
    return f"ec2.{region}.{_partition_of(call, region)['outputs']['dnsSuffix']}"
