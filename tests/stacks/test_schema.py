from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from facts.releases import DEFAULT_KUBERNETES_RELEASE
from facts.tiers import Tier
from stacks.defaults import DEFAULTS
from stacks.merge import merge
from stacks.schema import render_schema
from tests.stacks.examples import GOOD, STACK_FILES, nested, read_stack_file
from tests.tools import ROOT

SCHEMA: dict[str, Any] = json.loads(render_schema())
VALIDATOR = Draft202012Validator(SCHEMA)


def stack_file(settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"config": {f"plinth:{name}": value for name, value in settings.items()}, **more}


def setting(path: str) -> dict[str, Any]:
    node: dict[str, Any] = SCHEMA["properties"]["config"]
    node = node.get("then", node)
    for name in f"plinth:{path}".split("."):
        node = node["properties"][name]
    return node


def faults(content: dict[str, Any]) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(content)]


def test_the_schema_in_the_repo_is_current() -> None:
    assert (ROOT / "stacks" / "schema.json").read_text(encoding="utf-8") == render_schema(), "renew it with `make schema`"


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", STACK_FILES, ids=lambda path: path.name)
def test_a_stack_file_names_the_schema_for_editors(path: Path) -> None:
    comment, _, schema = path.read_text(encoding="utf-8").splitlines()[0].partition(" $schema=")
    assert comment == "# yaml-language-server:"
    assert (path.parent / schema).resolve() == ROOT / "stacks" / "schema.json"


@pytest.mark.parametrize(
    "path", [*STACK_FILES, *sorted(ROOT.glob("stacks/Pulumi.*.yaml"))], ids=lambda path: f"{path.parent.name}-{path.name}"
)
def test_every_stack_file_follows_the_schema(path: Path) -> None:
    assert faults(read_stack_file(path)) == []


@pytest.mark.parametrize("tier", Tier)
def test_every_default_is_allowed(tier: Tier) -> None:
    assert faults(stack_file(merge(DEFAULTS["aws"][tier], {**GOOD, "environment": tier.value}))) == []


def test_deviations_alone_are_enough() -> None:
    assert faults(stack_file(dict(GOOD))) == []
    assert faults(stack_file(merge(GOOD, nested("cluster.nodeGroups.general.maxSize", 20)))) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("databse", {}, "'plinth:databse' does not match any of the regexes"),
        ("database.backupRetenton", "7d", "'backupRetenton' was unexpected"),
        ("cluster.nodeGroups.general.maxSise", 4, "'maxSise' was unexpected"),
        ("cluster.nodeGroups.batch", {"minSize": 1, "maxSize": 2}, "'instanceTypes' is a required property"),
        ("cluster.nodeGroups.Batch_1", {}, "'Batch_1' does not match any of the regexes"),
        ("nats.streams.orders.consumers.billing.ackwait", "1s", "'ackwait' was unexpected"),
        ("database.multiAz", "yes", "'yes' is not of type 'boolean'"),
        ("database.backupRetention", "a week", "'a week' does not match"),
        ("network.cidr", "10.0.0.0", "'10.0.0.0' does not match"),
        ("network.natGateways", "none", "'none' is not one of ['perZone', 'single']"),
        ("database.upgradeFrom", 18, "18 is greater than the maximum of 17"),
        ("nats.storage", "500GB", "'500GB' does not match"),
    ],
)
def test_an_editor_sees_what_is_wrong(path: str, value: Any, fault: str) -> None:
    (said,) = faults(stack_file(merge(GOOD, nested(path, value))))
    assert fault in said


@pytest.mark.parametrize(("section", "key"), [("aws", "account"), ("network", "cidr"), ("cluster", "adminRoleArns")])
def test_what_no_tier_has_by_default_is_required(section: str, key: str) -> None:
    assert key in setting(section)["required"]
    (said,) = faults(stack_file({**GOOD, section: {name: value for name, value in GOOD[section].items() if name != key}}))
    assert said == f"'{key}' is a required property"


def test_what_belongs_to_others_is_allowed() -> None:
    content = stack_file(dict(GOOD), encryptionsalt="v1:…", secretsprovider="passphrase")
    content["config"] |= {"pulumi:disable-default-providers": ["*"], "aws:region": "eu-west-1"}
    assert faults(content) == []


def test_a_setting_tells_its_meaning_what_is_allowed_and_its_defaults() -> None:
    assert setting("database.backupRetention")["description"] == (
        "To any point within it the database can be restored. Allowed is a duration of 1d to 35d, a multiple of 1d. "
        'Defaults: "7d" in local, "7d" in dev, "7d" in staging, "30d" in production.'
    )
    assert setting("cluster.version")["default"] == DEFAULT_KUBERNETES_RELEASE
    assert setting("cluster.nodeGroups.general.diskSize")["examples"] == ["500Gi"]
    stream = next(iter(setting("nats.streams")["patternProperties"].values()))
    assert stream["properties"]["duplicateWindow"]["default"] == "2m"
    assert setting("environment")["enum"] == ["local", "dev", "staging", "production"]


def test_every_setting_says_what_it_means() -> None:
    def silent(node: dict[str, Any], path: str) -> list[str]:
        children = {**node.get("properties", {}), **node.get("patternProperties", {})}
        below = [each for name, child in children.items() if isinstance(child, dict) for each in silent(child, f"{path}.{name}")]
        return [*([] if node.get("description") else [path]), *below]

    assert silent(SCHEMA["properties"]["config"], "config") == []
