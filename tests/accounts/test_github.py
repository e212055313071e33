from __future__ import annotations

import pytest

from accounts.errors import AccountError
from accounts.github import Workflows


def test_the_subject_of_a_repository_with_ids_has_them() -> None:
    workflows = Workflows(repository="acme@1234/platform@567", environments=("production",))
    assert workflows.subjects == {"environment-production": "repo:acme@1234/platform@567:environment:production"}


def test_without_environments_it_is_the_branch() -> None:
    assert Workflows(repository="acme/platform").subjects == {"branch-main": "repo:acme/platform:ref:refs/heads/main"}


@pytest.mark.parametrize("repository", ["acme", "acme@1/platform", "acme/platform@1", "acme@x/platform@1", "acme/*", "acme*/platform"])
def test_a_repository_that_no_token_can_have_is_refused(repository: str) -> None:
    with pytest.raises(AccountError, match="allowed is ORG/REPO or ORG@ID/REPO@ID"):
        Workflows(repository=repository)


def test_environments_whose_credentials_would_have_one_name_are_refused_and_one_given_twice_is_not() -> None:
    with pytest.raises(AccountError, match=r"--environment eu\.live and eu/live differ only in"):
        Workflows(repository="acme/platform", environments=("eu.live", "dev", "eu/live"))
    assert len(Workflows(repository="acme/platform", environments=("dev", "dev")).subjects) == 1
