"""What AWS offers: retentions, sizes and the availability zones of its regions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

LOG_RETENTION_DAYS: Final = (*(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),)
"""The values that CloudWatch Logs accepts for retentionInDays (PutRetentionPolicy).

"For ever" is left out on purpose.
"""
INSIGHTS_RETENTION_DAYS: Final = (7, *range(31, 731, 31), 731)
"""Performance Insights keeps 7 days, 1 to 23 months of 31 days, or 731 days."""
MAX_BACKUP_DAYS: Final = 35
"""RDS keeps automated backups no longer; 0 days would turn them off."""
INSTANCE_CLASS: Final = re.compile(
    r"db\.(?:t\d+g?\.(?P<burstable>micro|small|medium)|(?P<family>[tmr])\d+[a-z]*\.(?P<size>large|(?:[1-9]\d*)?xlarge))"
)
"""Classes of database instances whose memory is known: the families t, m and r."""
CLUSTER_FAMILIES: Final = ("m5d", "m6gd", "m6id", "m6idn", "r5d", "r6gd", "r6id", "r6idn")
"""Those of them that Multi-AZ DB clusters are made of, which write their log to local disks (RDS user
guide, "Instance class availability for Multi-AZ DB clusters").
"""
CLUSTER_CLASS: Final = re.compile(rf"db\.({'|'.join(CLUSTER_FAMILIES)})\.")
_ARM_INSTANCE: Final = re.compile(r"(?:a1|[a-z]+\d+[a-z]*g[a-z]*)(?:-[a-z0-9]+)*\.[a-z0-9-]+")

_THREE: Final = "abc"
REGION_ZONES: Final[Mapping[str, str]] = {
    "af-south-1": _THREE,
    "ap-east-1": _THREE,
    "ap-east-2": _THREE,
    "ap-northeast-1": "abcd",
    "ap-northeast-2": "abcd",
    "ap-northeast-3": _THREE,
    "ap-south-1": _THREE,
    "ap-south-2": _THREE,
    "ap-southeast-1": _THREE,
    "ap-southeast-2": _THREE,
    "ap-southeast-3": _THREE,
    "ap-southeast-4": _THREE,
    "ap-southeast-5": _THREE,
    "ap-southeast-6": _THREE,
    "ap-southeast-7": _THREE,
    "ca-central-1": "abd",
    "ca-west-1": _THREE,
    "eu-central-1": _THREE,
    "eu-central-2": _THREE,
    "eu-north-1": _THREE,
    "eu-south-1": _THREE,
    "eu-south-2": _THREE,
    "eu-west-1": _THREE,
    "eu-west-2": _THREE,
    "eu-west-3": _THREE,
    "il-central-1": _THREE,
    "me-central-1": _THREE,
    "me-south-1": _THREE,
    "mx-central-1": _THREE,
    "sa-east-1": _THREE,
    "us-east-1": "abcdef",
    "us-east-2": _THREE,
    "us-gov-east-1": _THREE,
    "us-gov-west-1": _THREE,
    "us-west-1": _THREE,
    "us-west-2": "abcd",
}
"""Each region that the platform can be in, and the letters of its availability zones.

An account may see fewer of them (AWS names zones per account). Those of China have EKS too, but not
EKS Pod Identity, by which every add-on signs in (EKS user guide of China, "EKS Pod Identities").
"""
ZONES_WITHOUT_CONTROL_PLANES: Final = ("use1-az3", "usw1-az2", "cac1-az3")
"""Ids of the zones that EKS refuses for a control plane (EKS user guide, "Subnet requirements").

Names differ by account, so that only AWS knows which name of an account is one of them.
"""


class NatGateways(StrEnum):
    """How private subnets reach the internet.

    Each zone for itself, or all through one zone, which is cheaper and falls with it.
    """

    PER_ZONE = "perZone"
    SINGLE = "single"


class CapacityType(StrEnum):
    """How instances are bought.

    Spot ones are taken away at two minutes' notice (COST-002: not for what holds state).
    """

    ON_DEMAND = "ON_DEMAND"
    SPOT = "SPOT"


class Architecture(StrEnum):
    """The processor of the nodes."""

    X86_64 = "x86_64"
    ARM64 = "arm64"


def is_arm(instance_type: str) -> bool:
    """Whether an EC2 instance type has a Graviton processor.

    The letters behind its generation hold a g, as in ``m7g.large``.
    """
    return _ARM_INSTANCE.fullmatch(instance_type) is not None


def zones_of(region: str) -> tuple[str, ...]:
    """The names of a region's availability zones, such as ``eu-west-1a``.

    Local and wavelength zones have neither EKS nor RDS.
    """
    return tuple(f"{region}{letter}" for letter in REGION_ZONES[region])


def partition_of(region: str) -> str:
    """The ARN partition of a region: ``aws`` for ``eu-west-1``, ``aws-us-gov`` for ``us-gov-west-1``."""
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"
