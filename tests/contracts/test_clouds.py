"""What must be true of each cloud's stacks: no other cloud's SDK, and tags on all that can have them."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys

import pytest

from tests.runs import run_of
from tests.tools import ROOT

_PREVIEW = """
import sys
from tests.runs import run_of
run_of(sys.argv[1])
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
CLOUDS = {"pulumi_aws", "pulumi_azure_native", "pulumi_cloudamqp", "boto3", "botocore", "azure"}


@pytest.mark.parametrize(("stack", "own"), [("dev", {"pulumi_aws"}), ("azure-production", {"pulumi_azure_native"}), ("homelab", set())])
def test_a_stack_imports_the_sdk_of_its_own_cloud_alone(stack: str, own: set[str]) -> None:
    command = [sys.executable, "-c", _PREVIEW, stack]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 # our own command
    assert CLOUDS & set(ran.stdout.split()) == own


def can_have_tags(token: str) -> bool:
    _, module, name = token.split(":")
    resource = getattr(importlib.import_module(f"pulumi_azure_native.{module}"), name)
    return "tags" in inspect.signature(resource._internal_init).parameters


def test_all_of_azure_that_can_have_tags_has_those_of_the_stack() -> None:
    run = run_of("azure-production")
    able = [each for each in run.resources if each.type.startswith("azure-native:") and each.custom and can_have_tags(each.type)]
    assert len(able) > 20
    tags = {"project": "plinth", "environment": "production", "stack": "azure-production", "team": "platform_team", "managed-by": "pulumi"}
    assert [each.urn for each in able if not tags.items() <= each.inputs.get("tags", {}).items()] == []
