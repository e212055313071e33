from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.database.flexible_server.sizing import (
    READ_ONLY_PERCENT,
    SkuError,
    connection_limits,
    low_storage_percent,
    memory_gib,
    pool_size,
    tier_of,
)
from components.database.limits import ConnectionLimits
from facts.flexible_server import STORAGE_GIB

_LEAST_FREE_GIB = 5
_GROWS_BELOW = 0.2


@pytest.mark.parametrize(
    ("sku", "tier", "gib", "connections"),
    [
        ("Standard_B1ms", "Burstable", 2, 50),
        ("Standard_B2s", "Burstable", 4, 429),
        ("Standard_B2ms", "Burstable", 8, 859),
        ("Standard_B20ms", "Burstable", 80, 5000),
        ("Standard_D2ds_v5", "GeneralPurpose", 8, 859),
        ("Standard_D4ds_v4", "GeneralPurpose", 16, 1718),
        ("Standard_D16s_v3", "GeneralPurpose", 64, 5000),
        ("Standard_E2ads_v5", "MemoryOptimized", 16, 1718),
        ("Standard_E4ds_v5", "MemoryOptimized", 32, 3437),
    ],
)
def test_tier_and_connections_follow_from_the_size(sku: str, tier: str, gib: int, connections: int) -> None:
    assert (tier_of(sku), memory_gib(sku), connection_limits(sku).most) == (tier, gib, connections)


def test_fifteen_connections_are_azures_own() -> None:
    assert connection_limits("Standard_D2ds_v5").last == 844


@pytest.mark.parametrize("sku", ["Standard_D2ds_v6", "D2ds_v5", "GP_Standard_D2ds_v5", "Standard_M64s", ""])
def test_a_size_that_no_server_in_a_network_has_is_refused_with_examples(sku: str) -> None:
    with pytest.raises(SkuError, match="such as Standard_B2s or Standard_D2ds_v5"):
        tier_of(sku)


@pytest.mark.parametrize("size", STORAGE_GIB)
def test_storage_is_low_before_azure_stops_all_writing_and_after_it_should_have_grown(size: int) -> None:
    stops = min(READ_ONLY_PERCENT, 100 * (1 - _LEAST_FREE_GIB / size))
    assert low_storage_percent(size) < stops
    if size <= 256:
        assert low_storage_percent(size) > 100 * (1 - _GROWS_BELOW)


@given(most=st.integers(50, 5000), clients=st.integers(0, 50))
def test_all_pools_together_leave_a_tenth_of_the_connections(most: int, clients: int) -> None:
    limits = ConnectionLimits(most=most, reserved=15)
    assert pool_size(limits, clients) * clients <= limits.high
