from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from facts.releases import DEFAULT_KUBERNETES_RELEASE, KUBERNETES_RELEASES
from offline.engine import Run
from offline.errors import LimitError
from offline.schemas import find_misfits, release_of
from policies.values import UNKNOWN, Secret

Preview = Callable[..., Run]
OPEN = "x-kubernetes-preserve-unknown-fields"
TOKEN = "kubernetes:apps/v1:Deployment"  # noqa: S105 # a type's


class Workload(pulumi.CustomResource):
    """A Deployment declared without the SDK, which would refuse some of what is tried here."""

    def __init__(self, spec: Mapping[str, Any], token: str = TOKEN) -> None:
        super().__init__(token, "web", {"metadata": {"name": "web"}, "spec": spec})


def spec(**container: Any) -> dict[str, Any]:
    labels = {"app": "web"}
    return {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", **container}]}},
    }


def refusals(preview: Preview, **container: Any) -> list[str]:
    with pytest.raises(LimitError) as refused:
        preview(lambda: Workload(spec(**container)))
    return [line.strip() for line in str(refused.value).splitlines()[1:]]


@pytest.mark.parametrize(
    ("container", "problem"),
    [
        ({"imgae": "nginx"}, "imgae is not a field there (did you mean 'image'?)"),
        ({"image": 1}, "image = 1; allowed is a string"),
        ({"tty": "yes"}, 'tty = "yes"; allowed is true or false'),
        ({"args": "--all"}, 'args = "--all"; allowed is a list'),
        ({"env": [{"value": "x"}]}, "env[0].name is missing; it is required"),
        ({"ports": [{"containerPort": "80"}]}, 'ports[0].containerPort = "80"; allowed is a whole number'),
        ({"ports": [{"containerPort": True}]}, "ports[0].containerPort = true; allowed is a whole number"),
        ({"resources": {"limits": {"cpu": True}}}, "resources.limits.cpu = true; allowed is a string"),
        ({"resources": "small"}, 'resources = "small"; allowed is a mapping'),
    ],
)
def test_a_preview_refuses_what_the_api_server_would(preview: Preview, container: Mapping[str, Any], problem: str) -> None:
    place = "spec.template.spec.containers[0]."
    assert refusals(preview, **container) == [f"{TOKEN} web: {place}{problem} (Kubernetes {DEFAULT_KUBERNETES_RELEASE})"]


@pytest.mark.parametrize(
    "container",
    [
        {"resources": {"limits": {"cpu": 1, "memory": "1Gi"}}},
        {"livenessProbe": {"httpGet": {"port": "http"}}, "readinessProbe": {"httpGet": {"port": 8080}}},
        {"image": None},
    ],
)
def test_what_the_api_server_takes_passes(preview: Preview, container: Mapping[str, Any]) -> None:
    preview(lambda: Workload(spec(**container)))


def test_a_kind_whose_schema_is_not_known_is_left_to_its_definition(preview: Preview) -> None:
    preview(lambda: Workload({"anything": 1}, "kubernetes:example.com/v1:Thing"))


@pytest.mark.parametrize("release", KUBERNETES_RELEASES)
def test_the_release_is_the_one_that_the_stack_names(preview: Preview, release: str) -> None:
    config = {"plinth:cluster": f'{{"version": "{release}"}}'}
    assert release_of(config) == release
    with pytest.raises(LimitError, match=rf"Kubernetes {release}"):
        preview(lambda: Workload({}), config=config)


@pytest.mark.parametrize("written", [None, "", "{}", '{"version": "1.12"}', '{"version": 1.36}', "[]", "{"])
def test_a_stack_that_names_no_supported_release_has_the_default_one(written: str | None) -> None:
    assert release_of({} if written is None else {"plinth:cluster": written}) == DEFAULT_KUBERNETES_RELEASE


@pytest.mark.parametrize(
    ("schema", "content", "problems"),
    [
        ({"type": "object"}, {"a": 1}, ["a is not a field there"]),
        ({"type": "object", OPEN: True}, {"a": 1}, []),
        ({"type": "object", "additionalProperties": True}, {"a": 1}, []),
        ({"type": "object", "additionalProperties": {"type": "string"}}, {"a": 1, "b": "x"}, ["a = 1; allowed is a string"]),
        ({OPEN: True}, {"a": [1]}, []),
        ({"x-kubernetes-int-or-string": True}, 5, []),
        ({"x-kubernetes-int-or-string": True}, "5%", []),
        ({"x-kubernetes-int-or-string": True}, [], [" = []; allowed is a number or a string"]),
        ({"type": "string", "enum": ["a", "b"]}, "c", [' = "c"; allowed are a, b']),
        ({"type": "number"}, 0.5, []),
        ({"type": "integer"}, 0.5, [" = 0.5; allowed is a whole number"]),
        ({"type": "array", "items": {"type": "string"}}, ["a", 2], ["[1] = 2; allowed is a string"]),
        ({"type": "integer"}, UNKNOWN, []),
        ({"type": "object", "required": ["a"], OPEN: True}, {"a": UNKNOWN}, []),
    ],
)
def test_a_definition_is_read_as_the_api_server_reads_it(schema: Mapping[str, Any], content: Any, problems: list[str]) -> None:
    assert list(find_misfits(schema, content)) == problems


def test_a_secret_is_looked_into_and_not_shown() -> None:
    assert list(find_misfits({"type": "integer"}, Secret("hunter2"), "spec.port")) == ["spec.port = [hidden]; allowed is a whole number"]
