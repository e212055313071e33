from __future__ import annotations

import pytest

from stacks.clouds.names import CLUSTER, DATABASE, READABLE_DATABASE, check_stack_name
from stacks.errors import PlinthError

BOTH = {**CLUSTER, **DATABASE}


@pytest.mark.parametrize("name", ["plinth-production", "p-1", f"p-{'s' * 61}"])
def test_a_name_that_every_resource_can_have_passes(name: str) -> None:
    check_stack_name(name, BOTH)


@pytest.mark.parametrize("name", ["my_project-dev", "1st-dev", "plinth--dev", "plinth-dev-", f"p-{'s' * 62}"])
def test_a_name_that_only_rds_refuses_is_refused_with_a_database_alone(name: str) -> None:
    check_stack_name(name, CLUSTER)
    with pytest.raises(PlinthError, match=rf"make {name}; rename one of them:\n  The database may have up to 63 letters"):
        check_stack_name(name, BOTH)


def test_a_database_with_readable_standbys_has_a_shorter_name() -> None:
    check_stack_name(f"p-{'s' * 50}", READABLE_DATABASE)
    with pytest.raises(PlinthError, match="The database may have up to 52"):
        check_stack_name(f"p-{'s' * 51}", READABLE_DATABASE)


def test_every_resource_that_refuses_a_name_is_told() -> None:
    with pytest.raises(PlinthError) as refused:
        check_stack_name("plinth-v1.2", BOTH)
    assert [line.split(" may ")[0] for line in str(refused.value).splitlines()[1:]] == ["  The cluster", "  The database"]
