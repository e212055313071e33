from __future__ import annotations

from typing import Any

from policies.rules.workload.images import charts_pin_images, databases_pin_images, pods_pin_images
from policies.values import UNKNOWN
from tests.policies.rules.cases import accepts, cases, refuses, undecided
from tests.policies.rules.workload.good import CATALOG, CONTAINER, DATABASE, DEPLOYMENT, DIGEST, OWN, POOL, SPEC, container, release

IMAGE = f"{CONTAINER}.image"
MOVING = ("app", "app:latest", "app:main", "app:1.2", f"{OWN}/app:1.2.3", "app@sha256:beef", "", None, 7.0)
LISTS = ("containers", "initContainers", "ephemeralContainers")
PINNED: tuple[dict[str, Any], ...] = (
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
    {"imageTag": {"of": "latest"}},
)
BROKEN: tuple[tuple[dict[str, Any], str], ...] = (
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
)
VENDOR = release(values={"image": {"repository": "nats", "tag": "2.14.2"}})

CASES = (
    *cases(
        pods_pin_images,
        accepts(DEPLOYMENT, {f"{SPEC}.initContainers": [container(image="busybox:1.37.0")]}),
        *(
            refuses(DEPLOYMENT, {f"{SPEC}.{name}": [container(image=image)]}, at=f"{SPEC}.{name}[0].image")
            for image in MOVING
            for name in LISTS
        ),
        undecided(DEPLOYMENT, IMAGE),
    ),
    *cases(
        databases_pin_images,
        accepts(DATABASE),
        accepts(DATABASE, {"spec.imageName": None}),
        accepts(POOL),
        accepts(CATALOG),
        *(refuses(DATABASE, {"spec.imageName": f"ghcr.io/cloudnative-pg/postgresql{tag}"}) for tag in ("", ":17", ":17.9")),
        refuses(POOL, {"spec.pgbouncer.image": "ghcr.io/cloudnative-pg/pgbouncer:latest"}),
        refuses(POOL, {f"{CONTAINER}.image": "ghcr.io/cloudnative-pg/pgbouncer"}),
        refuses(CATALOG, {"spec.images[0].image": "ghcr.io/cloudnative-pg/postgresql:17"}),
        undecided(DATABASE, "spec.imageName"),
    ),
    *cases(
        charts_pin_images,
        *(accepts(release(values=values)) for values in PINNED),
        *(refuses(release(values=values), at=f"values.{place}") for values, place in BROKEN),
        *(undecided(VENDOR, f"values.image.{key}") for key in ("tag", "digest", "registry", "repository")),
        undecided(release(values={"image": {"tag": "latest"}}), "values.image.digest"),
        undecided(VENDOR, "values.image"),
        undecided(release(values={"image": "nginx"}), "values.imageTag"),
        undecided(release(values={"upgradeJob": {"image": {"tag": "latest"}}}), "values.upgradeJob.enabled"),
    ),
)
