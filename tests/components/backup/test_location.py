from __future__ import annotations

from components.backup.location import location_of
from components.backup.values import render_values
from tests.components.backup.examples import ON_AZURE, velero_args


def test_a_container_on_azure_is_reached_by_its_address_and_identity_alone() -> None:
    location = location_of(ON_AZURE)
    assert (location.provider, location.bucket) == ("azure", "backups")
    assert location.config["useAAD"] == "true"
    assert location.config["storageAccount"] == "plinthbackups"
    assert location.environment == ()


def test_each_place_brings_its_own_plugin() -> None:
    (plugin,) = render_values(velero_args(store=ON_AZURE))["initContainers"]
    assert plugin["name"] == "velero-plugin-for-microsoft-azure"
    assert plugin["image"].startswith("docker.io/velero/velero-plugin-for-microsoft-azure:v1.14.")
