from __future__ import annotations

import re

import pytest

from components.cluster.eks.addons import AFTER_NODES, BEFORE_NODES
from components.cluster.eks.versions import ADDON_VERSIONS, KubernetesVersionError, addon_versions
from facts.releases import DEFAULT_KUBERNETES_RELEASE, KUBERNETES_RELEASES


@pytest.mark.parametrize("release", ADDON_VERSIONS)
def test_every_release_pins_every_addon_exactly(release: str) -> None:
    assert set(addon_versions(release)) == {*BEFORE_NODES, *AFTER_NODES}
    assert all(re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", version) for version in addon_versions(release).values())


@pytest.mark.parametrize("release", ADDON_VERSIONS)
def test_the_proxy_is_of_the_same_release_as_the_cluster(release: str) -> None:
    assert addon_versions(release)["kube-proxy"].startswith(f"v{release}.")


def test_settings_allow_exactly_the_releases_whose_addons_are_known() -> None:
    assert tuple(ADDON_VERSIONS) == KUBERNETES_RELEASES


def test_the_default_is_supported_and_no_release_is_older_than_the_minimum() -> None:
    assert DEFAULT_KUBERNETES_RELEASE in ADDON_VERSIONS
    assert all(tuple(map(int, release.split("."))) >= (1, 33) for release in ADDON_VERSIONS)


@pytest.mark.parametrize("release", ["1.29", "1.35.1", "latest"])
def test_another_release_is_refused_and_the_supported_ones_are_named(release: str) -> None:
    with pytest.raises(KubernetesVersionError, match=rf"Kubernetes {release} is not supported; allowed are 1\.\d+, 1\.\d+"):
        addon_versions(release)
