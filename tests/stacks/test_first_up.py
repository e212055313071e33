"""The document about the first `up`: its settings are settings, its names those of the stack."""

from __future__ import annotations

import json
import re
from textwrap import dedent
from typing import Any

import pytest
import yaml

from components.network.aws.access import AccessSettings
from stacks.loading import load_settings
from stacks.merge import merge
from tests.runs import run_of
from tests.stacks.examples import GOOD, as_config, load, nested
from tests.stacks.test_azure import GOOD as GOOD_ON_AZURE
from tests.tools import ROOT

DOCUMENT = (ROOT / "docs" / "first-up.md").read_text(encoding="utf-8")


def examples_of(text: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(dedent(block))["config"] for block in re.findall(r"^ *```yaml\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)]


EXAMPLES, ON_AZURE = map(examples_of, DOCUMENT.split("\n## On Azure\n"))


def settings_of(example: dict[str, Any]) -> dict[str, Any]:
    return {key.removeprefix("plinth:"): value for key, value in example.items()}


@pytest.mark.parametrize("example", EXAMPLES)
def test_what_it_tells_to_set_is_a_way_in_by_itself(example: dict[str, Any]) -> None:
    without = nested("network.access", {"sessionManager": None})
    load(merge(without, settings_of(example)))


@pytest.mark.parametrize("example", ON_AZURE)
def test_so_is_what_it_tells_to_set_on_azure(example: dict[str, Any]) -> None:
    without = merge(GOOD_ON_AZURE, nested("network.access", {"peering": None}))
    load_settings(as_config(merge(without, settings_of(example))))


def test_it_tells_of_every_way_in() -> None:
    told = {way for example in EXAMPLES for way in example.get("plinth:network", {}).get("access", {})}
    assert told == {str(field.alias) for field in AccessSettings.model_fields.values()}
    assert any("publicAccessCidrs" in example.get("plinth:cluster", {}) for example in EXAMPLES)


def test_sessions_find_the_instance_by_the_name_that_it_has() -> None:
    assert GOOD["network"]["access"] == {"sessionManager": {}}
    handover = run_of("dev").outputs["networkHandover"]
    assert handover["sessionManagerInstance"] in DOCUMENT
    assert '"Name=tag:Name,Values=$name-session-manager"' in DOCUMENT


def test_who_may_forward_ports_can_open_the_channel_and_gets_no_shell() -> None:
    (policy,) = [json.loads(block) for block in re.findall(r"^ *```json\n(.*?)^ *```", DOCUMENT, re.DOTALL | re.MULTILINE)]
    statements = policy["Statement"]
    allowed = {
        action
        for statement in statements
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert {"ssm:StartSession", "ssmmessages:OpenDataChannel", "ec2:DescribeInstances", "eks:DescribeCluster"} <= allowed
    starts = [statement for statement in statements if statement["Action"] == "ssm:StartSession"]
    (instance,) = [statement for statement in starts if ":instance/" in statement["Resource"]]
    assert instance["Condition"]["BoolIfExists"] == {"ssm:SessionDocumentAccessCheck": "true"}
    assert [statement["Resource"].rpartition("/")[2] for statement in starts if statement is not instance] == [
        "AWS-StartPortForwardingSessionToRemoteHost"
    ]
