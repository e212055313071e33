"""Which workflows of GitHub Actions may sign in: by the subject of the token that GitHub signs for a job."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from accounts.errors import AccountError

ISSUER: Final = "https://token.actions.githubusercontent.com"
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}(?P<owner_id>@\d+)?/[A-Za-z0-9._-]{1,100}(?P<id>@\d+)?")
_NAME: Final = re.compile(r"[A-Za-z0-9._/-]{1,200}")


@dataclass(frozen=True, kw_only=True)
class Workflows:
    """The jobs of a repository that run for one of its environments, or on a branch.

    ``repository`` is spelt as in the tokens: ``ORG/REPO``, or ``ORG@ID/REPO@ID`` where the repository is
    from after June 2026, was renamed or transferred since, or has opted in (GitHub Docs, "Immutable subject
    claims"). A token of the one spelling never fits the other.

    An environment is the better bound: GitHub asks its reviewers before the job gets a token, and it
    has rules of its own about branches. Never a pull request: its author decides what the job does.
    """

    repository: str
    environments: Sequence[str] = ()
    branch: str = "main"

    def __post_init__(self) -> None:
        """Refuse what could never be, or would be, a pattern of the cloud.

        Raises:
            AccountError: says what is allowed.
        """
        found = _REPOSITORY.fullmatch(self.repository)
        if found is None or (found["owner_id"] is None) != (found["id"] is None):
            raise AccountError(f"--github is {self.repository!r}; allowed is ORG/REPO or ORG@ID/REPO@ID, spelt as in the tokens of GitHub")
        for option, name in [("--branch", self.branch), *(("--environment", each) for each in self.environments)]:
            if not _NAME.fullmatch(name):
                raise AccountError(f"{option} is {name!r}; allowed are letters, digits, '.', '_', '-' and '/'")
        slugs = [_slug(each) for each in self.environments]
        alike = sorted(name for name in set(self.environments) if slugs.count(_slug(name)) > self.environments.count(name))
        if alike:
            raise AccountError(f"--environment {' and '.join(alike)} differ only in '.', '_' and '/'; give one of them another name")

    @property
    def subjects(self) -> Mapping[str, str]:
        """The subjects of their tokens, by a name that a resource can have."""
        if not self.environments:
            return {f"branch-{_slug(self.branch)}": f"repo:{self.repository}:ref:refs/heads/{self.branch}"}
        return {f"environment-{_slug(each)}": f"repo:{self.repository}:environment:{each}" for each in self.environments}


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]", "-", name)
