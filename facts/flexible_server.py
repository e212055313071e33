"""What Azure Database for PostgreSQL flexible server offers: compute sizes, storage sizes, regions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

SKU: Final = re.compile(
    r"Standard_((?P<burstable>B(1ms|2s|2ms|4ms|8ms|12ms|16ms|20ms))"
    r"|(?P<family>[DE])(?P<cores>2|4|8|16|20|32|48|64|96)(s_v3|ds_v4|ds_v5|ads_v5))"
)
"""Sizes of servers in a virtual network (Azure Database for PostgreSQL, "Compute options" and "V6 SKU
Family limitations": the sixth generation cannot be in one).
"""
STORAGE_GIB: Final = (32, 64, 128, 256, 512, 1024, 2048, 4095, 4096, 8192, 16384, 32767)
"""Sizes of Premium SSD storage in GiB ("Premium SSD storage"): it grows to the next one.

4096 and more have no host cache, and crossing that boundary takes minutes of downtime.
"""
LEAST_BACKUP_DAYS: Final = 7
MAX_BACKUP_DAYS: Final = 35
WITHOUT_GEO_BACKUP: Final = frozenset({"brazilsouth", "westus3"})
"""Locations that have a pair, but no geo-redundant backup of databases ("Azure regions")."""
WITHOUT_ZONES: Final = frozenset({"japanwest"})
"""Locations that have zones, but no zone-redundant databases (likewise)."""
CONNECTIONS: Final[Mapping[int, int]] = {2: 50, 4: 429, 8: 859, 16: 1718, 32: 3437}
"""The connections of a server by its memory in GiB; larger ones have 5000 ("Limits, Maximum connections")."""
MOST_CONNECTIONS: Final = 5000
RESERVED_CONNECTIONS: Final = 15
"""``reserved_connections`` (5) and ``superuser_reserved_connections`` (10), which cannot be changed."""
