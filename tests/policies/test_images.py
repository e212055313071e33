from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.images import Image, mutability, parse_image
from tests.policies.rules.workload.good import DIGEST

ECR = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    ("reference", "parts"),
    [
        ("nginx", ("", "nginx", "", "")),
        ("library/nginx:1.27.3", ("", "library/nginx", "1.27.3", "")),
        ("host:5000/app:1.2.3", ("host:5000", "app", "1.2.3", "")),
        ("localhost/app", ("localhost", "app", "", "")),
        (f"ghcr.io/acme/app:v1.2.3@{DIGEST}", ("ghcr.io", "acme/app", "v1.2.3", DIGEST)),
    ],
)
def test_a_reference_falls_into_its_parts(reference: str, parts: tuple[str, str, str, str]) -> None:
    image = parse_image(reference)
    assert (image.registry, image.repository, image.tag, image.digest) == parts


@pytest.mark.parametrize(
    "reference",
    [
        f"{ECR}/app@{DIGEST}",
        f"{ECR}/app:main@{DIGEST}",
        f"{ECR}/app:0a1b2c3",
        f"{ECR}/docker-hub/library/nginx:1.27.3",
        "602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/coredns:v1.11.4-eksbuild.2",
        "acme.azurecr.io/app:0123456789abcdef0123456789abcdef01234567",
        "nginx:1.27.3-alpine3.20",
        "rabbitmq:3.13.1-management-alpine",
        "quay.io/jetstack/cert-manager-controller:v1.18.2",
        "host:5000/app:2.14.2",
    ],
)
def test_a_fixed_reference_is_right(reference: str) -> None:
    assert mutability(parse_image(reference)) is None


@pytest.mark.parametrize(
    "reference",
    [
        "",
        "nginx",
        "nginx:latest",
        "nginx:stable",
        "nginx:1.27",
        "nginx:1",
        "nginx:1.27.3-latest",
        "host:5000/app",
        "ghcr.io/acme/app:main",
        "nginx@sha256:abc",
        f"{ECR}/app:1.2.3",
        f"{ECR}/app:main",
        f"{ECR}/app:main-0a1b2c3",
        "acme.azurecr.io/app:v1.2.3",
    ],
)
def test_a_reference_that_can_move_is_told(reference: str) -> None:
    assert mutability(parse_image(reference)) is not None


@given(
    registry=st.sampled_from(["", "ghcr.io", "host:5000", ECR]),
    repository=st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8}){0,2}", fullmatch=True).filter(lambda path: not path.startswith("localhost/")),
    tag=st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True),
    digest=st.sampled_from(["", DIGEST]),
)
def test_parts_survive_writing_and_reading(registry: str, repository: str, tag: str, digest: str) -> None:
    reference = f"{f'{registry}/' if registry else ''}{repository}:{tag}{f'@{digest}' if digest else ''}"
    assert parse_image(reference) == Image(registry=registry, repository=repository, tag=tag, digest=digest)
