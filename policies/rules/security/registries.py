"""POD-009: a registry does not let a tag be moved to another image."""

from __future__ import annotations

from collections.abc import Iterator

from policies.model import Facts, Finding, Resource, ResourceRule, violation


def _check(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    mutability = resource["imageTagMutability"]
    if mutability.is_not("IMMUTABLE"):
        yield violation(
            mutability, "a tag of the registry can be moved to another image (not set means MUTABLE)", "set imageTagMutability to IMMUTABLE"
        )


REGISTRIES_KEEP_TAGS = ResourceRule(
    name="registries-keep-tags",
    requirements=("POD-009",),
    types=(
        "aws:ecr/repository:Repository",
        "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
        "aws-native:ecr:Repository",
        "aws-native:ecr:RepositoryCreationTemplate",
    ),
    check=_check,
)
