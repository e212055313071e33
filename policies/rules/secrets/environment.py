"""SEC-001, PG-013: no credential stands in the environment of a container or in a ConfigMap's addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from facts.display import HIDDEN
from policies import cloudnative_pg
from policies.config_maps import CONFIG_MAP_TYPE
from policies.findings import Finding, Findings
from policies.model import Resource, Stack, rule
from policies.rules.secrets.credentials import (
    has_inline_password,
    is_database_address,
    names_credential,
    names_password,
    refuse_credential,
)
from policies.values import Value
from policies.workloads import WORKLOAD_TYPES, containers, pod_spec

_OPERATED: Final = {cloudnative_pg.CLUSTER: "spec.env", cloudnative_pg.OBJECT_STORE: "spec.instanceSidecarConfiguration.env"}
"""Objects from which an operator makes pods: where they keep variables of their containers."""
_CURE: Final = "Take it from a Secret by valueFrom.secretKeyRef"


@rule("SEC-001", "PG-013", on=(*WORKLOAD_TYPES, cloudnative_pg.POOLER))
def environments_hold_no_credentials(workload: Resource, _: Stack) -> Findings:
    """Every container of a pod, whichever way it runs."""
    for container in containers(pod_spec(workload)):
        for variable in container.spec["env"].each():
            yield from _about(variable, _check_variable(variable))


@rule("SEC-001", "PG-013", on=tuple(_OPERATED))
def operated_environments_hold_no_credentials(operated: Resource, _: Stack) -> Findings:
    """What an operator puts into the containers that it makes."""
    for variable in operated.at(_OPERATED[operated.type]).each():
        yield from _about(variable, _check_variable(variable))


def _about(variable: Value, found: Findings) -> Iterator[Finding]:
    """PG-013 is about passwords, and the addresses of databases that hold one; SEC-001 about every credential."""
    address = variable["value"].peek("an unknown one is told by its name")
    ids = ("SEC-001", "PG-013") if names_password(variable["name"].text()) or is_database_address(address) else ("SEC-001",)
    for finding in found:
        yield replace(finding, requirements=ids)


def _check_variable(variable: Value) -> Findings:
    name = str(variable["name"].get(""))
    yield from refuse_credential(name, variable["value"], f"environment variable {name} holds", _CURE)
    config_map = variable.at("valueFrom.configMapKeyRef")
    if names_credential(name) and config_map.is_given:
        yield from config_map.refuse(f"environment variable {name} takes a credential from a ConfigMap", _CURE, shown=HIDDEN)


@rule("SEC-001", on=CONFIG_MAP_TYPE)
def config_maps_hold_no_passwords(config_map: Resource, _: Stack) -> Findings:
    """Addresses alone: what the keys of a ConfigMap are called says little about their content."""
    for value in config_map["data"].each():
        text = value.peek("any text may hold an address: to note each unknown one would leave every ConfigMap undecided")
        if isinstance(text, str) and not value.is_secret and has_inline_password(text):
            yield from value.refuse(
                "a password inside an address or connection string",
                "Keep the address in a Secret, or the password apart from it",
                shown=HIDDEN,
            )
