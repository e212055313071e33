"""What follows from the answers about a new stack, as text of its file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from facts.aws import REGION_ZONES, partition_of, zones_of
from facts.azure import LOCATIONS
from facts.flexible_server import WITHOUT_GEO_BACKUP
from facts.tiers import Tier

_ZONES: Final = {Tier.LOCAL: 2, Tier.DEV: 2, Tier.STAGING: 3, Tier.PRODUCTION: 3}
# The settings say what is wrong with an unknown region; of its zones there is nothing to say then.
_UNKNOWN_ZONES: Final = "abc"


def on_aws(answers: Mapping[str, str], tier: Tier) -> dict[str, str]:
    """The zones of the region, and the one that copies go to."""
    region = answers["region"]
    zones = zones_of(region) if region in REGION_ZONES else [f"{region}{letter}" for letter in _UNKNOWN_ZONES]
    copies = _COPIES.format(region=second_region(region)) if tier is Tier.PRODUCTION and region in REGION_ZONES else ""
    return {"zones": _flow_list(zones[: _ZONES[tier]]), "copies": copies}


def second_region(region: str) -> str:
    """A region of the same partition for copies, near if there is one: of the same part of the world."""
    others = [each for each in REGION_ZONES if each != region and partition_of(each) == partition_of(region)]
    near = [each for each in others if each.partition("-")[0] == region.partition("-")[0]]
    return (near or others)[0]


def on_azure(answers: Mapping[str, str], tier: Tier) -> dict[str, str]:
    """The zones of the location, and what it lacks of what the tier has by default."""
    location = LOCATIONS.get(answers["location"])
    lacks_nat = location is not None and not location.zone_redundant_nat
    copies = tier in {Tier.STAGING, Tier.PRODUCTION}
    lacks_pair = copies and location is not None and location.pair is None
    lacks_geo_backup = copies and (lacks_pair or answers["location"] in WITHOUT_GEO_BACKUP)
    return {
        "object_stores": _NEAR_STORE if lacks_pair else "",
        "geo_backup": "\n    geoRedundantBackup: false" if lacks_geo_backup else "",
        "zones": _flow_list((location.zones if location else ("1", "2", "3"))[: _ZONES[tier]]),
        "nat_gateway": "\n    natGateway: zonal" if lacks_nat else "",
    }


def on_existing(answers: Mapping[str, str], tier: Tier) -> dict[str, str]:
    """Where backups go, and what only tiers need that survive the loss of a zone."""
    return {
        # To some readers of YAML a leading zero makes another number.
        "nodes": answers["nodes"].lstrip("0") if re.fullmatch("0*[1-9][0-9]*", answers["nodes"]) else json.dumps(answers["nodes"]),
        "backups": _bucket(answers) if tier in {Tier.STAGING, Tier.PRODUCTION} else _MINIO,
        "resilience": _resilience(answers) if tier in {Tier.STAGING, Tier.PRODUCTION} else _SNAPSHOTS,
    }


_COPIES: Final = """
  # Backups are copied there (BAK-006, PG-012). Choose another one before the first update, if it suits you better.
  plinth:disasterRecovery: {{ region: {region} }}"""
_NEAR_STORE: Final = """
    # This location has no paired region to copy to.
    objectStores: { backups: { geoRedundant: false } }"""
_MINIO: Final = """\
    # Where there is no bucket elsewhere: the platform brings one, for the database's backups.
    minio: { storage: 100Gi }"""
_SNAPSHOTS: Final = "# snapshotClass: longhorn"


def _bucket(answers: Mapping[str, str]) -> str:
    return f"""\
    # For backups. Its credentials are the Secret database-backups of the namespaces database, messaging and velero, with the
    # keys ACCESS_KEY_ID and ACCESS_SECRET_KEY (docs/existing-cluster.md).
    objectStore:
      endpoint: {json.dumps(answers["bucket-endpoint"])}
      bucket: {json.dumps(answers["bucket"])}
      cidrs: [{json.dumps(answers["bucket-cidr"])}]
      secret: database-backups"""


def _resilience(answers: Mapping[str, str]) -> str:
    zones = _flow_list(zone.strip() for zone in answers["zones"].split(","))
    return f"zones: {zones}\n    snapshotClass: {json.dumps(answers['snapshot-class'])}"


def _flow_list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(json.dumps, values))}]"
