"""AWS functions that look into an account, asked through boto3 of a simulated one: no request leaves the process."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

from offline.functions.call import Call
from offline.functions.identifiers import known_region

_STATES: Final = ("available", "information", "impaired", "unavailable", "constrained")
_FILTERS: Final[Mapping[str, str]] = {
    "group-name": "GroupName",
    "opt-in-status": "OptInStatus",
    "region-name": "RegionName",
    "state": "State",
    "zone-id": "ZoneId",
    "zone-name": "ZoneName",
    "zone-type": "ZoneType",
}
"""EC2's filters of DescribeAvailabilityZones by the field that they compare; those on parent zones are about local zones only."""


def get_availability_zones(call: Call) -> dict[str, Any]:
    """``aws.get_availability_zones`` with its state, filters and exclusions, in the order of the names.

    The simulated account has the zones of a region but no local or wavelength zones: ``allAvailabilityZones`` adds none.
    """
    region = known_region(call)
    filters = {each["name"]: each["values"] for each in call.args.get("filters") or []}
    if call.args.get("state"):
        if call.args["state"] not in _STATES:
            raise call.refusal(f"state {call.args['state']!r}; allowed are {', '.join(_STATES)}")
        filters.setdefault("state", [call.args["state"]])
    for name in sorted(filters.keys() - _FILTERS.keys()):
        raise call.refusal(f"EC2 has no filter {name!r} for zones; allowed are {', '.join(_FILTERS)}")
    # What the simulation leaves out of the API's answer is the same for all zones of a region.
    common = {"GroupName": f"{region}-zg-1", "OptInStatus": "opt-in-not-required"}
    zones = [{**common, **zone} for zone in _ask("ec2", region, "describe_availability_zones")["AvailabilityZones"]]
    kept = sorted(
        (
            zone
            for zone in zones
            if zone["ZoneName"] not in (call.args.get("excludeNames") or ())
            and zone["ZoneId"] not in (call.args.get("excludeZoneIds") or ())
            and all(any(fnmatchcase(zone[_FILTERS[name]], value) for value in values) for name, values in filters.items())
        ),
        key=lambda zone: zone["ZoneName"],
    )
    return {
        **call.args,
        "id": region,
        "region": region,
        "names": [zone["ZoneName"] for zone in kept],
        "zoneIds": [zone["ZoneId"] for zone in kept],
        "groupNames": sorted({zone["GroupName"] for zone in kept}),
    }


def get_caller_identity(call: Call) -> dict[str, Any]:
    """``aws.get_caller_identity``; the account is the one that the provider is limited to, where it is limited to one."""
    answer = _ask("sts", known_region(call), "get_caller_identity")
    simulated, allowed = answer["Account"], call.configured("allowedAccountIds") or []
    account = allowed[0] if len(allowed) == 1 else simulated
    return {"id": account, "accountId": account, "arn": answer["Arn"].replace(simulated, account), "userId": answer["UserId"]}


def _ask(service: Any, region: str, operation: str) -> Mapping[str, Any]:
    # Slow to import, and few programs ask.
    import boto3  # noqa: PLC0415
    from moto import mock_aws  # noqa: PLC0415

    # The simulation brings credentials of its own along, and takes them away again.
    with mock_aws():
        answer: Mapping[str, Any] = getattr(boto3.client(service, region_name=region), operation)()
        return answer
