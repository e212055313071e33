from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from facts.releases import (
    DEFAULT_KUBERNETES_RELEASE,
    KUBERNETES_RELEASES,
    KUBERNETES_SUPPORT_ENDS,
    SUPPORT_NOTICE,
    support_advice,
)


def test_the_default_is_supported_longest() -> None:
    assert max(KUBERNETES_SUPPORT_ENDS, key=lambda release: KUBERNETES_SUPPORT_ENDS[release]) == DEFAULT_KUBERNETES_RELEASE


def test_a_later_release_is_supported_for_longer_and_none_is_older_than_the_minimum() -> None:
    numbers = [tuple(map(int, release.split("."))) for release in KUBERNETES_RELEASES]
    assert numbers == sorted(numbers)
    assert numbers[0] >= (1, 33)
    assert all(earlier < later for earlier, later in pairwise(KUBERNETES_SUPPORT_ENDS.values()))


@pytest.mark.parametrize("release", KUBERNETES_RELEASES)
def test_a_release_is_advised_against_from_sixty_days_before_its_support_ends(release: str) -> None:
    end = KUBERNETES_SUPPORT_ENDS[release]
    assert support_advice(release, end - SUPPORT_NOTICE - timedelta(days=1)) is None
    assert f"Kubernetes {release} ends on {end}" in (support_advice(release, end - SUPPORT_NOTICE) or "")
    assert "ended" in (support_advice(release, end + timedelta(days=1)) or "")
