from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from accounts.azure.deployer import NEVER_ASSIGNED
from accounts.azure.registrations import PROVIDERS
from facts.azure import BuiltInRole
from offline.recording import RecordedResource
from tests.runs import run_of

NAMED_OTHERWISE = {"monitor": "insights", "privatedns": "network"}


@cache
def resources() -> tuple[RecordedResource, ...]:
    """What the stack on Azure of the product's tests asks Azure for."""
    return tuple(each for each in run_of("azure-production").resources if each.type.startswith("azure-native:"))


def assignments() -> Iterator[RecordedResource]:
    return (each for each in resources() if each.type.endswith(":RoleAssignment"))


def test_every_provider_that_a_stack_needs_is_registered() -> None:
    modules = {each.type.split(":")[1].split("/")[0] for each in resources()}
    needed = {f"microsoft.{NAMED_OTHERWISE.get(module, module)}" for module in modules}
    assert needed <= {provider.lower() for provider in PROVIDERS}


def test_the_identity_may_assign_every_role_that_a_stack_assigns() -> None:
    roles = {BuiltInRole(each.inputs["roleDefinitionId"].rpartition("/")[2]) for each in assignments()}
    assert roles
    assert roles.isdisjoint(NEVER_ASSIGNED)


def test_the_identity_may_assign_roles_to_all_that_a_stack_assigns_them_to() -> None:
    assert {each.inputs["principalType"] for each in assignments()} <= {"ServicePrincipal", "Group"}
