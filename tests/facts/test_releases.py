from __future__ import annotations

from itertools import pairwise

from facts.releases import DEFAULT_KUBERNETES_RELEASE, KUBERNETES_RELEASES, KUBERNETES_SUPPORT_ENDS


def test_the_default_is_supported_longest() -> None:
    assert max(KUBERNETES_SUPPORT_ENDS, key=lambda release: KUBERNETES_SUPPORT_ENDS[release]) == DEFAULT_KUBERNETES_RELEASE


def test_a_later_release_is_supported_for_longer_and_none_is_older_than_the_minimum() -> None:
    numbers = [tuple(map(int, release.split("."))) for release in KUBERNETES_RELEASES]
    assert numbers == sorted(numbers)
    assert numbers[0] >= (1, 33)
    assert all(earlier < later for earlier, later in pairwise(KUBERNETES_SUPPORT_ENDS.values()))
