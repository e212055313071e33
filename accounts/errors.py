"""What a cloud refuses, in words that say what to do."""

from __future__ import annotations

from collections.abc import Callable


class AccountError(Exception):
    """The account cannot be read or changed as asked; the message says why, and what to do.

    It is for the user to mend: credentials, rights or what was asked for.
    """


class CloudError(Exception):
    """The cloud failed, or cannot be reached; to try again may help."""


class MissingRightError(AccountError):
    """A call was refused because the caller lacks ``right``, the action as its cloud names it, such as ``s3:CreateBucket``.

    ``on`` is the resource or scope and ``reason`` why, such as an explicit deny; each empty where the
    cloud does not say.
    """

    def __init__(self, right: str, on: str = "", reason: str = "") -> None:
        super().__init__(f"{right}{f' on {on}' if on else ''}{f' ({reason})' if reason else ''}")


class MissingRightsError(AccountError):
    """Rights that the caller lacks, all that are known at once."""

    def __init__(self, missing: list[MissingRightError]) -> None:
        rights = dict.fromkeys(map(str, missing))
        super().__init__(
            "\n".join(["these rights are missing; let an administrator of the account grant them:", *(f"  {each}" for each in rights)])
        )


def check_together(*checks: Callable[[], object]) -> None:
    """Run all checks, so that whoever made several mistakes is told of them at once.

    Raises:
        AccountError: what each of them refused, a line each.
    """
    refused = []
    for check in checks:
        try:
            check()
        except AccountError as error:
            refused.append(str(error))
    if refused:
        raise AccountError("\n  ".join(refused))
