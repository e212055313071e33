from __future__ import annotations

from stacks.composition.namespaces import platform_namespaces
from stacks.settings.namespaces import PLATFORM_NAMESPACES
from tests.stacks.examples import load


def test_settings_keep_exactly_the_platforms_own_namespaces_from_applications() -> None:
    assert sorted(args.namespace for args in platform_namespaces(load())) == sorted(PLATFORM_NAMESPACES)
