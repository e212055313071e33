"""POD-009: a registry does not let a tag be moved to another image."""

from __future__ import annotations

from typing import Final

from policies.findings import Findings
from policies.model import Resource, Stack, rule

REPOSITORY: Final = "aws:ecr/repository:Repository"
REGISTRY_TYPES: Final = (
    REPOSITORY,
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "aws-native:ecr:Repository",
    "aws-native:ecr:RepositoryCreationTemplate",
)


@rule("POD-009", on=REGISTRY_TYPES)
def registries_keep_tags(registry: Resource, _: Stack) -> Findings:
    """A repository, or the template by which a cache makes its repositories."""
    return registry["imageTagMutability"].must_equal("IMMUTABLE", "a tag of the registry can be moved to another image", default="MUTABLE")
