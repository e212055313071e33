"""What Azure offers: its regions, and how it names things."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_UNIQUE_LETTERS: Final = 6
ZONES: Final = ("1", "2", "3")
"""Each subscription's own names of the zones of a location that has any: it has three (Azure reliability, "Availability zones")."""


@dataclass(frozen=True, kw_only=True)
class Location:
    """A region of Azure.

    Attributes:
        zones: empty where it has none.
        pair: the region that geo-redundant copies go to; None where it has none.
        zone_redundant_nat: whether it has the NAT gateways that outlive a zone, of the SKU StandardV2.
    """

    zones: tuple[str, ...] = ZONES
    pair: str | None = None
    zone_redundant_nat: bool = True


LOCATIONS: Final[Mapping[str, Location]] = {
    "australiacentral": Location(zones=(), pair="australiacentral2"),
    "australiaeast": Location(pair="australiasoutheast"),
    "australiasoutheast": Location(zones=(), pair="australiaeast"),
    "austriaeast": Location(),
    "belgiumcentral": Location(),
    "brazilsouth": Location(pair="southcentralus"),
    "canadacentral": Location(pair="canadaeast"),
    "canadaeast": Location(zones=(), pair="canadacentral", zone_redundant_nat=False),
    "centralindia": Location(pair="southindia"),
    "centralus": Location(pair="eastus2"),
    "chilecentral": Location(),
    "denmarkeast": Location(),
    "eastasia": Location(pair="southeastasia"),
    "eastus": Location(pair="westus"),
    "eastus2": Location(pair="centralus"),
    "francecentral": Location(pair="francesouth"),
    "germanywestcentral": Location(pair="germanynorth"),
    "indonesiacentral": Location(zone_redundant_nat=False),
    "israelcentral": Location(),
    "italynorth": Location(),
    "japaneast": Location(pair="japanwest"),
    "japanwest": Location(pair="japaneast"),
    "koreacentral": Location(pair="koreasouth"),
    "malaysiawest": Location(),
    "mexicocentral": Location(),
    "newzealandnorth": Location(),
    "northcentralus": Location(zones=(), pair="southcentralus"),
    "northeurope": Location(pair="westeurope"),
    "norwayeast": Location(pair="norwaywest"),
    "polandcentral": Location(),
    "southafricanorth": Location(pair="southafricawest"),
    "southcentralus": Location(pair="northcentralus"),
    "southeastasia": Location(pair="eastasia"),
    "southindia": Location(zones=(), pair="centralindia"),
    "spaincentral": Location(),
    "swedencentral": Location(pair="swedensouth"),
    "switzerlandnorth": Location(pair="switzerlandwest"),
    "uaenorth": Location(pair="uaecentral"),
    "uksouth": Location(pair="ukwest"),
    "ukwest": Location(zones=(), pair="uksouth"),
    "westcentralus": Location(zones=(), pair="westus2"),
    "westeurope": Location(pair="northeurope"),
    "westindia": Location(zones=(), pair="southindia", zone_redundant_nat=False),
    "westus": Location(zones=(), pair="eastus"),
    "westus2": Location(pair="westcentralus"),
    "westus3": Location(pair="eastus"),
}
"""The public regions that the platform can be in (Azure reliability, "List of Azure regions" and "Azure
region pairs"; Azure NAT Gateway, "SKUs").

Those that are kept for disaster recovery are left out, and Qatar Central, where AKS cannot put the
Kubernetes API into a network ("API Server VNet Integration", availability).
"""


class NatGateway(enum.StrEnum):
    """How nodes reach the internet, at the same price: through all zones of the region, or through a single one."""

    ZONE_REDUNDANT = "zoneRedundant"
    ZONAL = "zonal"


class BuiltInRole(enum.StrEnum):
    """Roles that every tenant has, by the name of their definition (Azure RBAC, Azure built-in roles)."""

    AKS_CLUSTER_USER = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
    AKS_RBAC_CLUSTER_ADMIN = "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b"
    AKS_RBAC_READER = "7f6c6a51-bcf8-42ba-9220-52d62157d7db"
    CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
    KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
    KEY_VAULT_CRYPTO_USER = "12338af0-0e69-4776-bea7-57ae8d297424"
    LOCKS_CONTRIBUTOR = "28bf596f-4eb7-45ce-b5bc-6cf482fec137"
    MONITORING_READER = "43d0d8ad-25c7-4714-9337-8ba259a9fe05"
    NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"
    RBAC_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
    READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    STORAGE_BLOB_DATA_CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"


def worldwide_name(name: str, *, subscription: str, longest: int, separator: str = "") -> str:
    """A name that no other customer of Azure has taken: of a storage account, a vault or a database server.

    Six characters that follow from the subscription and the whole ``name`` end it, so that it stays the
    same from run to run; ``name`` itself is cut to fit ``longest``. Without a ``separator`` it has letters
    and digits alone, as storage accounts ask for.
    """
    unique = hashlib.sha256(f"{subscription}/{name}".encode()).hexdigest()[:_UNIQUE_LETTERS]
    readable = name if separator else re.sub(r"[^a-z0-9]", "", name)
    readable = readable[: longest - _UNIQUE_LETTERS - len(separator)].rstrip("-")
    return f"{readable}{separator}{unique}"
