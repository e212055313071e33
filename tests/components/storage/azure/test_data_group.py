from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.storage.azure.data_group import DataGroup, DataGroupArgs
from tests.components.azure import LOCATION
from tests.components.recorded import option, the

if TYPE_CHECKING:
    from offline.engine import RecordedResource
    from tests.components.recorded import Preview

GROUP = "azure-native:resources:ResourceGroup"


def group(preview: Preview, *, keep_data: bool = True, retain: bool = True) -> RecordedResource:
    return the(
        preview(lambda: DataGroup("data", DataGroupArgs(location=LOCATION, keep_data=keep_data, retain=retain))), GROUP, "data-group"
    )


def test_what_stays_is_not_in_the_group_that_goes(preview: Preview) -> None:
    assert group(preview).inputs == {"resourceGroupName": "plinth-dev-data", "location": "westeurope", "tags": {"team": "platform"}}


@pytest.mark.parametrize("kept", [True, False])
def test_the_group_stays_where_data_is_kept(preview: Preview, *, kept: bool) -> None:
    assert bool(option(group(preview, keep_data=kept), "retain_on_delete")) is kept


@pytest.mark.parametrize("retain", [True, False])
def test_the_group_is_protected_where_it_is_retained(preview: Preview, *, retain: bool) -> None:
    assert bool(option(group(preview, retain=retain), "protect")) is retain
