from __future__ import annotations

from facts.namespaces import is_reserved
from stacks.composition.namespaces import platform_namespaces
from tests.stacks.examples import load
from tests.stacks.foundations import a_foundation


def test_no_application_can_take_the_name_of_a_namespace_of_the_platform() -> None:
    assert [args.namespace for args in platform_namespaces(load(), a_foundation()) if not is_reserved(args.namespace)] == []
