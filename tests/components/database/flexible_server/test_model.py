from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.database.flexible_server.model import DatabaseSettings
from components.models.surroundings import Surroundings
from tests.components.database.flexible_server.settings import ADMINISTRATORS, database_settings

GROUP = "/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/hub/providers/Microsoft.Insights/actionGroups/oncall"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backupRetention": "6d"}, "allowed is a duration of 7d to 35d"),
        ({"backupRetention": "36d"}, "allowed is a duration of 7d to 35d"),
        ({"engineVersion": "18"}, "a major version of PostgreSQL, 16 or 17"),
        ({"engineVersion": "17.9"}, "a major version of PostgreSQL, 16 or 17"),
        ({"sku": "Standard_D2ds_v6"}, "families B, D or E that can be in a virtual network"),
        ({"storage": "100Gi"}, "100Gi is not a size of Premium SSD; allowed are 32Gi, 64Gi"),
        ({"sku": "Standard_B2s"}, "Standard_B2s is burstable and has no standby"),
        ({"maintenanceWindow": "sun:04:30-sun:05:00"}, "is not one hour"),
        ({"administrators": []}, "at least 1 item"),
        ({"administrators": [{"name": "admins", "objectId": "admins"}]}, "allowed is a UUID"),
        ({"administrators": [{"name": name, "objectId": ADMINISTRATORS} for name in "ab"]}, "stands twice"),
        ({"administrators": [{"name": "a", "objectId": ADMINISTRATORS, "type": "group"}]}, "'Group', 'User' or 'ServicePrincipal'"),
        ({"alarms": {"emails": ["a@example.com", "a@example.com"]}}, "a@example.com stands twice"),
        ({"alarms": {"actionGroupIds": [f"{GROUP}{number}" for number in range(5)]}}, "at most 4 items"),
        ({"alarms": {"actionGroupIds": ["oncall"]}}, "the id of an action group"),
        ({"extensions": ["pgcrypto", "pgcrypto"]}, "pgcrypto stands twice"),
        ({"extensions": ["PgCrypto"]}, "in lower case"),
        ({"password": "x"}, "Extra inputs are not permitted"),
    ],
)
def test_what_azure_would_refuse_is_refused_at_once(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        database_settings(**changes)


@pytest.mark.parametrize("size", ["32Gi", "4095Gi", "8192Gi", "32767Gi"])
def test_storage_has_one_of_the_sizes_of_premium_ssd(size: str) -> None:
    assert f"{database_settings(storage=size).storage_gib}Gi" == size


def in_region(region: str, **changes: Any) -> DatabaseSettings:
    written = database_settings(**changes).model_dump(by_alias=True)
    return DatabaseSettings.model_validate(written, context=Surroundings(region=region, tier="production"))


@pytest.mark.parametrize(
    ("region", "changes", "message"),
    [
        ("westus", {"geoRedundantBackup": False}, "westus has no zone-redundant databases"),
        ("japanwest", {"geoRedundantBackup": False}, "japanwest has no zone-redundant databases"),
        ("westus3", {}, "westus3 has no geo-redundant backups"),
        ("italynorth", {}, "italynorth has no geo-redundant backups"),
    ],
)
def test_what_a_region_does_not_have_is_refused(region: str, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        in_region(region, **changes)
    in_region(region, multiAz=False, geoRedundantBackup=False)


def test_a_region_with_zones_and_a_pair_has_it_all() -> None:
    assert in_region("westeurope").multi_az
