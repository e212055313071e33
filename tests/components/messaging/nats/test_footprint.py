from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import yaml

from components.messaging.nats.footprint import TOOLBOX_RESOURCES, footprint
from components.messaging.nats.values import render_controller_values, render_nats_values
from facts.quantity import parse_quantity
from tests.components.messaging.nats.examples import ARGS, nats_args
from tests.tools import ROOT

GIB = 2**30


def test_every_volume_can_be_expanded_to_twice_its_size_while_another_is_restored() -> None:
    needed = footprint(ARGS)
    assert needed.storage >= 3 * 2 * 500 * GIB + 500 * GIB
    assert needed.claims >= 3 + 1


def test_there_is_room_for_all_pods_for_one_that_is_replaced_and_for_the_toolbox() -> None:
    values = render_nats_values(ARGS)
    containers = [values["container"], values["reloader"]["merge"], values["promExporter"]["merge"]]
    cpu = sum((parse_quantity(each["resources"]["requests"]["cpu"]) for each in containers), Decimal(0))
    memory = sum((parse_quantity(each["resources"]["limits"]["memory"]) for each in containers), Decimal(0))
    controller = render_controller_values(ARGS)["resources"]
    needed = footprint(ARGS)
    assert needed.cpu >= 4 * cpu + 2 * parse_quantity(controller["requests"]["cpu"]) + Decimal("0.05")
    assert needed.memory_limit >= 4 * memory + 2 * parse_quantity(controller["limits"]["memory"]) + 256 * 2**20
    assert needed.pods >= 4 + 2 + 1


def test_a_server_that_nobody_watches_has_no_exporter_to_feed() -> None:
    assert footprint(replace(ARGS, monitoring=None)).memory < footprint(ARGS).memory


def test_more_servers_need_more() -> None:
    assert footprint(nats_args(servers=5)).claims > footprint(ARGS).claims


def test_the_runbooks_toolbox_asks_for_what_it_is_counted_with() -> None:
    runbook = (ROOT / "runbooks" / "nats-toolbox.md").read_text(encoding="utf-8")
    pod = yaml.safe_load(runbook.partition("<<'YAML'\n")[2].partition("\nYAML")[0])
    assert pod["spec"]["containers"][0]["resources"] == TOOLBOX_RESOURCES.render()
