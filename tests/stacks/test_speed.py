from __future__ import annotations

from typing import Any

import pytest

from components.storage.model import GENERAL, SYNCHRONOUS
from stacks.clouds.speed import broker_speed
from tests.stacks.examples import RABBITMQ, load

SMALL = {**RABBITMQ, "storage": "8Gi"}
CARELESS = {"rpo": "2m", "storage": "500Gi"}


@pytest.mark.parametrize(
    ("deviations", "fast"),
    [
        ({}, True),
        ({"nats": CARELESS}, False),
        # RabbitMQ writes to the disk before it confirms, whatever NATS does.
        ({"nats": CARELESS, "rabbitmq": RABBITMQ}, True),
        ({"nats": None, "rabbitmq": RABBITMQ}, True),
        # A volume that is too small for the speed could not be made.
        ({"rabbitmq": SMALL}, False),
        ({"nats": None, "rabbitmq": SMALL}, False),
    ],
)
def test_volumes_of_brokers_are_fast_where_one_needs_it_and_all_can_be(deviations: dict[str, Any], *, fast: bool) -> None:
    assert broker_speed(load(deviations)) == (SYNCHRONOUS if fast else GENERAL)
