from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from components.base import Component
from components.network.azure.private_endpoint import open_privately
from tests.components.azure import ACCESS, LOCATION
from tests.components.recorded import the

if TYPE_CHECKING:
    from offline.engine import Run
    from tests.components.recorded import Preview

ENDPOINT = "azure-native:network:PrivateEndpoint"
NAMES = "azure-native:network:PrivateDnsZoneGroup"


class Owner(Component):
    pass


@pytest.fixture
def run(preview: Preview) -> Run:
    def program() -> None:
        owner = Owner("owner")
        open_privately(owner, "way", service_id="/accounts/backups", part="blob", access=ACCESS)
        owner.register_outputs({})

    return preview(program)


def test_one_part_of_one_service_gets_an_address_in_the_network(run: Run) -> None:
    inputs = the(run, ENDPOINT, "owner-way").inputs
    assert inputs["subnet"]["id"] == "/subnets/endpoints"
    assert inputs["privateLinkServiceConnections"] == [{"name": "blob", "privateLinkServiceId": "/accounts/backups", "groupIds": ["blob"]}]
    assert (inputs["resourceGroupName"], inputs["tags"]) == (LOCATION.resource_group, LOCATION.tags)


def test_its_usual_name_leads_there(run: Run) -> None:
    assert the(run, NAMES, "owner-way-names").inputs["privateDnsZoneConfigs"] == [{"name": "blob", "privateDnsZoneId": "/zones/private"}]


def test_a_replacement_does_not_meet_the_name_of_what_it_replaces(run: Run) -> None:
    assert the(run, ENDPOINT, "owner-way").options["delete_before_replace"] is True
    assert the(run, NAMES, "owner-way-names").options["delete_before_replace"] is True
