"""Namespaces of applications."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.models.scalars import GIB, Count, DnsLabel, Flag, Port, Quantity
from components.models.section import Section


class PodSecurity(StrEnum):
    """Levels of the Pod Security Standards that an application may have."""

    RESTRICTED = "restricted"
    BASELINE = "baseline"


class QuotaSettings(Section):
    """The most that all pods of the namespace together may ask for."""

    cpu: Quantity = Field(default=Decimal(8), description="Cores requested.")
    memory: Quantity = Field(default=Decimal(16 * GIB), description="Memory requested and limited.")
    pods: Annotated[Count, Field(ge=1)] = Field(default=50, description="Pods.")
    storage: Quantity = Field(default=Decimal(100 * GIB), description="Storage claimed.")
    volume_claims: Annotated[Count, Field(ge=0)] = Field(default=10, description="Claims of volumes.")


class NamespaceSettings(Section):
    """A namespace, closed to all traffic but what is allowed by name."""

    quota: QuotaSettings = Field(default=QuotaSettings(), description="Its bounds.")
    pod_security: PodSecurity = Field(default=PodSecurity.RESTRICTED, description="The Pod Security level that is enforced.")
    database: Flag = Field(default=False, description="Whether its pods may connect to the database.")
    ingress_from: Mapping[DnsLabel, Annotated[tuple[Port, ...], Field(min_length=1, description="TCP ports.")]] = Field(
        default={}, description="Namespaces, such as an ingress controller's, whose pods may call its pods, each with the TCP ports."
    )
