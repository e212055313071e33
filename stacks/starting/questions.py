"""What only the user of a new stack knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Question:
    """One answer that a stack file cannot do without.

    Attributes:
        name: of the option ``--<name>``.
        text: what is asked, and how the answer is written.
        example: an answer.
    """

    name: str
    text: str
    example: str


_EVERYWHERE: Final = (
    Question(name="team", text="Who answers for the stack; becomes a label of what it makes", example="platform_team"),
    Question(
        name="runbooks",
        text="Where people find the folder runbooks/ of this repository; alerts link to it",
        example="https://git.example.com/platform/plinth/blob/main/runbooks",
    ),
)

QUESTIONS: Final[Mapping[str, tuple[Question, ...]]] = {
    "aws": (
        *_EVERYWHERE,
        Question(name="region", text="The region", example="eu-west-1"),
        Question(name="account", text="The account's twelve digits", example="111122223333"),
        Question(
            name="role",
            text="ARN of the IAM role that deploys and administers the cluster; `plinth bootstrap aws` makes one",
            example="arn:aws:iam::111122223333:role/plinth-deployer",
        ),
    ),
}
"""By place."""
