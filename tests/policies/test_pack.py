"""What must be true of every rule, and of the pack as the language host starts it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
import yaml
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2_grpc

import policies.rules
from facts.tiers import Tier
from policies.analyzer import CONFIGURATION, WAIVERS
from policies.catalogue import requirements
from policies.model import Rule
from policies.registry import RULES, rules_of

ROOT = Path(policies.__path__[0]).parent
PACK = ROOT / "policies"


def declared_rules() -> Iterator[Rule]:
    for module in pkgutil.walk_packages(policies.rules.__path__, "policies.rules."):
        yield from rules_of(importlib.import_module(module.name))


def test_names_of_rules_are_unique_slugs() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len({*names, CONFIGURATION, WAIVERS}) - 2
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", name)] == []


def test_every_rule_that_is_declared_is_listed() -> None:
    listed = {id(rule) for rule in RULES}
    assert [rule.name for rule in declared_rules() if id(rule) not in listed] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_enforces_known_requirements_somewhere_and_asks_for_types(rule: Rule) -> None:
    assert set(rule.requirements) <= requirements().keys()
    assert any(requirements()[each].level_in(tier) for each in rule.requirements for tier in Tier)
    assert rule.types
    assert all(re.fullmatch(r"[\w-]+:[\w./-]*:[\w-]+", each) for each in rule.types)


def test_no_module_of_the_pack_hides_one_of_the_standard_library() -> None:
    """The host starts the pack in its own folder, which Python then searches first."""
    assert {path.stem for path in PACK.iterdir()} & sys.stdlib_module_names == set()


def test_the_host_finds_the_environment_of_the_project() -> None:
    runtime = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text(encoding="utf-8"))["runtime"]
    assert runtime == {"name": "python", "options": {"toolchain": "pip", "virtualenv": "../.venv"}}


def test_the_pack_serves_when_started_as_the_language_host_does() -> None:
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", str(PACK)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    with subprocess.Popen(command, cwd=PACK, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 # our own pack
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                info = analyzer_pb2_grpc.AnalyzerStub(channel).GetAnalyzerInfo(Empty(), wait_for_ready=True)
            assert [each.name for each in info.policies] == [rule.name for rule in RULES]
        finally:
            process.terminate()
