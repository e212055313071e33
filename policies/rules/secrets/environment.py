"""SEC-001: no credential stands in the environment of a container or in a ConfigMap's addresses."""

from __future__ import annotations

from collections.abc import Iterator

from policies.model import Facts, Finding, Resource, ResourceRule
from policies.rules.secrets.credentials import env_findings, has_inline_password, plaintext
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec


def _check_pods(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for container in containers(pod_spec(resource)):
        yield from env_findings(container.spec["env"])


def _check_config_maps(resource: Resource, _facts: Facts) -> Iterator[Finding]:
    for _, value in resource["data"].below():
        if isinstance(value.known, str) and not value.is_secret and has_inline_password(value.known):
            yield plaintext(
                value, "a password inside an address or connection string", "keep the address in a Secret, or the password apart from it"
            )


ENVIRONMENTS_HOLD_NO_CREDENTIALS = ResourceRule(
    name="environments-hold-no-credentials", requirements=("SEC-001",), types=WORKLOAD_TYPES, check=_check_pods
)
CONFIG_MAPS_HOLD_NO_PASSWORDS = ResourceRule(
    name="config-maps-hold-no-passwords",
    requirements=("SEC-001",),
    types=("kubernetes:core/v1:ConfigMap",),
    check=_check_config_maps,
)
