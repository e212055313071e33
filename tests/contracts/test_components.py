"""What is true of every component, whoever adds the next one."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import components
from components.base import Component, token_of
from offline.engine import Run
from tests.runs import EVERYWHERE, STACKS, run_of
from tests.stacks.brokers import run_with_broker
from tests.tools import ROOT

DOMAINS = {
    *("network", "cluster", "tenancy", "storage", "database", "messaging", "secrets", "observability", "backup"),
    *("autoscaling", "delivery", "ingress", "security", "chaos", "cost", "workload"),
}
SHARED = {"models"}
"""Folders that serve all domains."""


def all_components() -> list[type[Component]]:
    """Every component class below ``components/``."""
    for module in pkgutil.walk_packages(components.__path__, "components."):
        importlib.import_module(module.name)
    found: list[type[Component]] = []
    waiting = [Component]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += [each for each in below if each.__module__.startswith("components.")]
        waiting += below
    return sorted(set(found), key=lambda each: each.__qualname__)


COMPONENTS = all_components()
MODULES = sorted(ROOT.glob("components/**/*.py"))


@pytest.fixture(params=EVERYWHERE)
def run(request: pytest.FixtureRequest) -> Run:
    return run_of(request.param)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module or ""


def test_there_are_components_to_look_at() -> None:
    assert {"AwsNetwork", "EksCluster", "RdsPostgres", "Nats", "PrometheusStack", "CertManager"} <= {each.__name__ for each in COMPONENTS}


def test_type_tokens_are_unique_and_name_their_domain() -> None:
    tokens = {token_of(each): each for each in COMPONENTS}
    assert len(tokens) == len(COMPONENTS)
    for token, component in tokens.items():
        package, domain, name = token.split(":")
        assert (package, domain in DOMAINS, name) == ("plinth", True, component.__name__)


def test_folders_of_components_policies_and_tests_are_domains() -> None:
    for room in ("components", "policies/rules", "tests/components", "tests/policies/rules"):
        folders = {path.name for path in (ROOT / room).iterdir() if path.is_dir() and path.name != "__pycache__"}
        assert folders <= DOMAINS | SHARED


@pytest.mark.parametrize("component", COMPONENTS, ids=token_of)
def test_a_component_takes_its_name_then_its_arguments_then_options(component: type[Component]) -> None:
    parameters = inspect.signature(component).parameters
    assert next(iter(parameters)) == "name"
    options = parameters["opts"]
    assert options.default is None
    assert options.annotation == "pulumi.ResourceOptions | None"
    positional = [each.name for each in parameters.values() if each.kind is not inspect.Parameter.KEYWORD_ONLY and each is not options]
    assert positional in (["name"], ["name", "args"])
    if "args" in parameters:
        assert parameters["args"].annotation == f"{component.__name__}Args"


@pytest.mark.parametrize("component", COMPONENTS, ids=token_of)
def test_a_component_says_what_it_is(component: type[Component]) -> None:
    assert component.__dict__["__doc__"]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_components_know_no_other_room(module: Path) -> None:
    rooms = {name.split(".")[0] for name in imports(module)}
    assert rooms.isdisjoint({"stacks", "policies", "offline", "cli", "bench", "tests"})


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_versions_of_charts_stand_in_one_file_alone(module: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    makes_charts = any(isinstance(call.func, ast.Name) and call.func.id == "Chart" for call in calls)
    assert makes_charts == (module.name == "charts.py")


MANAGED = (("production", "amazon-mq"), ("production", "cloudamqp"), ("azure-production", "cloudamqp"))


def test_every_component_is_part_of_the_platform() -> None:
    runs = [*map(run_of, EVERYWHERE), *(run_with_broker(*each) for each in MANAGED)]
    used = {each.type for ran in runs for each in ran.resources if each.type.startswith("plinth:")}
    assert {token_of(each) for each in COMPONENTS} == used


def test_every_component_of_the_platform_registered_its_outputs(run: Run) -> None:
    assert [each.urn for each in run.resources if not each.custom and each.outputs is None] == []


def test_a_child_is_named_after_its_component_and_its_role(run: Run) -> None:
    names = {each.urn: each.name for each in run.resources if each.type.startswith("plinth:")}
    children = [each for each in run.resources if each.parent in names]
    assert len(children) > 100
    assert [each.urn for each in children if not each.name.startswith(f"{names[each.parent]}-")] == []


def test_no_component_knows_the_stack_it_is_part_of() -> None:
    for component in COMPONENTS:
        source = inspect.getsource(inspect.getmodule(component) or component)
        assert "get_stack" not in source
        assert "pulumi.Config" not in source


# -- names ----------------------------------------------------------------------------------------------------------------------

# A name that Pulumi makes up is the resource's name, a dash and seven hexadecimal digits.
SUFFIX = 8
LONGEST = {
    "aws:iam/role:Role": ("name", 64),
    "aws:ec2/launchTemplate:LaunchTemplate": ("name", 128),
    "aws:rds/parameterGroup:ParameterGroup": ("name", 255),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": ("name", 255),
    "aws:rds/subnetGroup:SubnetGroup": ("name", 255),
    "aws:ec2/securityGroup:SecurityGroup": ("name", 255),
    "aws:iam/rolePolicy:RolePolicy": ("name", 128),
    "aws:eks/cluster:Cluster": ("name", 100),
    "aws:eks/nodeGroup:NodeGroup": ("nodeGroupName", 63),
    "aws:rds/instance:Instance": ("identifier", 63),
    "aws:rds/cluster:Cluster": ("clusterIdentifier", 52),
    "aws:cloudwatch/logGroup:LogGroup": ("name", 512),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", 255),
    "aws:sns/topic:Topic": ("name", 256),
    "aws:lb/loadBalancer:LoadBalancer": ("name", 32),
    "aws:lb/targetGroup:TargetGroup": ("name", 32),
}


@pytest.mark.parametrize("stack", STACKS)
def test_no_name_is_longer_than_its_cloud_allows(stack: str) -> None:
    checked = 0
    for each in run_of(stack).resources:
        if each.type in LONGEST:
            key, longest = LONGEST[each.type]
            name = each.inputs.get(key)
            assert len(name if isinstance(name, str) else each.name) + (0 if name else SUFFIX) <= longest, each.urn
            checked += 1
    assert checked > 20


def test_every_kubernetes_object_has_a_name_of_its_own(run: Run) -> None:
    """A name that Pulumi makes up would be another one after a replacement; what others refer to by name must stay."""
    names = [
        (each.type, each.inputs["metadata"].get("namespace"), each.inputs["metadata"]["name"])
        for each in run.resources
        if each.type.startswith("kubernetes:") and "metadata" in each.inputs
    ]
    assert len(names) == len(set(names)) > 50
    assert all(len(name) <= 63 for _, _, name in names)
