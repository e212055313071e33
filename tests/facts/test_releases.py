from __future__ import annotations

from datetime import timedelta
from itertools import pairwise, product

import pytest

from facts.releases import (
    AKS,
    DEFAULT_KUBERNETES_RELEASE,
    EKS,
    KUBERNETES_RELEASES,
    SUPPORT_NOTICE,
    KubernetesService,
    support_advice,
)

SERVICES = (EKS, AKS)


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_service_supports_every_release_and_the_default_longest(service: KubernetesService) -> None:
    assert tuple(service.support_ends) == KUBERNETES_RELEASES
    assert max(service.support_ends, key=lambda release: service.support_ends[release]) == DEFAULT_KUBERNETES_RELEASE


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_later_release_is_supported_for_longer_and_none_is_older_than_the_minimum(service: KubernetesService) -> None:
    numbers = [tuple(map(int, release.split("."))) for release in service.support_ends]
    assert numbers == sorted(numbers)
    assert numbers[0] >= (1, 33)
    assert all(earlier < later for earlier, later in pairwise(service.support_ends.values()))


@pytest.mark.parametrize(("service", "release"), list(product(SERVICES, KUBERNETES_RELEASES)))
def test_a_release_is_advised_against_from_sixty_days_before_its_support_ends(service: KubernetesService, release: str) -> None:
    end = service.support_ends[release]
    assert support_advice(release, service, end - SUPPORT_NOTICE - timedelta(days=1)) is None
    assert f"Kubernetes {release} on {service.name} ends on {end}" in (support_advice(release, service, end - SUPPORT_NOTICE) or "")
    assert "ended" in (support_advice(release, service, end + timedelta(days=1)) or "")
