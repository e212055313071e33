from __future__ import annotations

from typing import Any

import pytest

from policies.rules.workload.images import CHARTS_PIN_IMAGES, PODS_PIN_IMAGES
from policies.values import UNKNOWN
from tests.policies.rules.fixtures import DIGEST, a_container, a_deployment, a_pod_spec, a_release, ask, changed, places, undecided

OWN = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"


def test_a_pinned_pod_is_right() -> None:
    resource = a_deployment(a_pod_spec(initContainers=[a_container(image="busybox:1.37.0")]))
    assert ask(PODS_PIN_IMAGES, resource) == []
    assert undecided(resource) == []


@pytest.mark.parametrize("image", ["app", "app:latest", "app:main", "app:1.2", f"{OWN}/app:1.2.3", "app@sha256:beef", "", None, 7.0])
@pytest.mark.parametrize("kind", ["containers", "initContainers", "ephemeralContainers"])
def test_an_image_that_can_move_is_refused_in_any_container(image: Any, kind: str) -> None:
    spec = a_pod_spec(**{kind: [a_container(image=image)]})
    assert places(ask(PODS_PIN_IMAGES, a_deployment(spec))) == [f"spec.template.spec.{kind}[0].image"]


def test_an_unknown_image_leaves_it_undecided() -> None:
    resource = a_deployment(changed(a_pod_spec(), "containers", 0, "image", to=UNKNOWN))
    assert ask(PODS_PIN_IMAGES, resource) == []
    assert undecided(resource) == ["spec.template.spec.containers[0].image"]


@pytest.mark.parametrize(
    "values",
    [
        {"image": {"repository": "nats"}},
        {"image": {"repository": "nats", "tag": "2.14.2-alpine"}},
        {"image": {"registry": OWN, "repository": "app", "tag": "0a1b2c3"}},
        {"image": {"tag": "latest", "digest": DIGEST}},
        {"image": {"tag": "", "sha": DIGEST.removeprefix("sha256:")}},
        {"image": {"tag": "{{ .Chart.AppVersion }}-distroless"}},
        {"image": "nginx:1.27.3"},
        {"image": "nginx", "imageTag": "1.27.3"},
        {"container": {"image": {"fullImageName": f"nats@{DIGEST}"}}},
        {"image": None, "imagePullPolicy": "Always", "imagePullSecrets": ["registry"]},
        {"git": {"tag": "main"}},
        {"upgradeJob": {"enabled": False, "image": {"tag": "latest"}}},
        {"image": {"repository": UNKNOWN}},
    ],
)
def test_pinned_or_default_images_of_a_chart_are_right(values: dict[str, Any]) -> None:
    release = a_release("anything", values)
    assert ask(CHARTS_PIN_IMAGES, release) == []
    assert undecided(release) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"image": {"tag": "latest"}}, "image.tag"),
        ({"image": {"tag": ""}}, "image.tag"),
        ({"image": {"tag": 1.27}}, "image.tag"),
        ({"server": {"repository": "app", "tag": "main"}}, "server.tag"),
        ({"image": {"registry": OWN, "repository": "app", "tag": "1.2.3"}}, "image.tag"),
        ({"image": {"repository": f"{OWN}/app", "tag": "1.2.3"}}, "image.tag"),
        ({"image": {"tag": "1.2.3", "digest": "sha256:beef"}}, "image.digest"),
        ({"image": "nginx"}, "image"),
        ({"image": "nginx", "imageTag": "latest"}, "imageTag"),
        ({"initImage": "busybox:latest"}, "initImage"),
        ({"extraContainers": [{"name": "proxy", "image": "envoy:dev"}]}, "extraContainers[0].image"),
        ({"container": {"image": {"fullImageName": "nats:latest"}}}, "container.image.fullImageName"),
    ],
)
def test_a_chart_image_that_can_move_is_refused(values: dict[str, Any], expected: str) -> None:
    assert places(ask(CHARTS_PIN_IMAGES, a_release("anything", values))) == [f"values.{expected}"]


@pytest.mark.parametrize("key", ["tag", "digest"])
def test_an_unknown_tag_or_digest_of_a_chart_leaves_it_undecided(key: str) -> None:
    release = a_release("anything", {"image": {"repository": "app", "tag": "latest", key: UNKNOWN}})
    assert ask(CHARTS_PIN_IMAGES, release) == []
    assert undecided(release) == [f"values.image.{key}"]
