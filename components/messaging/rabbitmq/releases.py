"""The images of RabbitMQ and of its operators, each at one exact version.

A newer image of the servers, and of the cluster operator too where it makes other pods than the one
before, replaces the servers one after another: runbooks/rabbitmq-upgrade.md.
"""

from __future__ import annotations

from typing import Final

# The one that the operator below was released with (cmd/main.go of v2.22.3), from Amazon's copy of
# Docker's official images: Docker Hub itself is not on the list of registries (POD-012).
_SERVER: Final = ("public.ecr.aws", "docker/library/rabbitmq:4.2.6-management")
_CLUSTER_OPERATOR: Final = ("ghcr.io", "rabbitmq/cluster-operator:2.22.3")
_TOPOLOGY_OPERATOR: Final = ("ghcr.io", "rabbitmq/messaging-topology-operator:1.20.1")


def server_image(registry: str | None) -> str:
    """The image of the servers, from ``registry`` in place of Amazon's."""
    return _from(registry, _SERVER)


def cluster_operator_image(registry: str | None) -> str:
    """The image of the operator that makes servers, from ``registry`` in place of GitHub's."""
    return _from(registry, _CLUSTER_OPERATOR)


def topology_operator_image(registry: str | None) -> str:
    """The image of the operator that declares what is in them, likewise."""
    return _from(registry, _TOPOLOGY_OPERATOR)


def _from(registry: str | None, image: tuple[str, str]) -> str:
    usual, path = image
    return f"{registry or usual}/{path}"
