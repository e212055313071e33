from __future__ import annotations

import pytest

from bench.scale import SIZES, config_of
from stacks.loading import load_settings


@pytest.mark.parametrize(("namespaces", "streams"), SIZES)
def test_every_size_is_a_stack_that_settings_take(namespaces: int, streams: int) -> None:
    settings = load_settings(config_of(namespaces, streams))
    assert settings.nats is not None
    assert (len(settings.namespaces), len(settings.nats.streams)) == (namespaces, streams)
