from __future__ import annotations

import re

import pytest

from components.cluster.eks.addons import AFTER_NODES, BEFORE_NODES
from components.cluster.eks.releases import RELEASES
from facts.releases import KUBERNETES_RELEASES


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_pins_every_addon_exactly(release: str) -> None:
    addons = RELEASES[release].addons
    assert set(addons) == {*BEFORE_NODES, *AFTER_NODES}
    assert all(re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", version) for version in addons.values())


@pytest.mark.parametrize("release", RELEASES)
def test_proxy_nodes_and_autoscaler_are_of_the_same_release_as_the_cluster(release: str) -> None:
    pinned = RELEASES[release]
    assert pinned.addons["kube-proxy"].startswith(f"v{release}.")
    assert re.fullmatch(rf"{re.escape(release)}\.\d+-\d{{8}}", pinned.node_image)
    assert re.fullmatch(rf"v{re.escape(release)}\.\d+", pinned.autoscaler)


def test_settings_allow_exactly_the_releases_whose_versions_are_known() -> None:
    assert tuple(RELEASES) == KUBERNETES_RELEASES
