from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from offline.engine import run_program
from stacks.settings.azure import AzureSettings
from tests.components.recorded import of_type
from tests.runs import config_of
from tests.tools import ROOT

PLACE = {"subscription": "00000000-0000-4000-8000-000000000000", "tenant": "11111111-0000-4000-8000-000000000000"}
CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"


def test_volumes_in_all_zones_need_a_region_that_has_zones() -> None:
    assert AzureSettings.model_validate({**PLACE, "location": "westeurope", "zoneRedundantVolumes": True})
    with pytest.raises(ValidationError, match="westus has no availability zones"):
        AzureSettings.model_validate({**PLACE, "location": "westus", "zoneRedundantVolumes": True})


@pytest.mark.parametrize(("redundant", "sku"), [(False, "PremiumV2_LRS"), (True, "Premium_ZRS")])
def test_volumes_are_in_one_zone_or_in_all_as_it_is_set(*, redundant: bool, sku: str) -> None:
    config = config_of("azure-production")
    place = {**json.loads(config.values["plinth:azure"]), "zoneRedundantVolumes": redundant}
    run = run_program(
        ROOT / "__main__.py",
        stack="azure-production",
        project=config.project,
        config={**config.values, "plinth:azure": json.dumps(place)},
        secret_keys=config.secret_keys,
    )
    assert [each.inputs["parameters"]["skuName"] for each in of_type(run, CLASS)] == [sku, sku]
