"""Signing in to an account of AWS, and making sure that it is the one that was meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import boto3
from botocore.config import Config

from accounts.aws.failures import failures
from accounts.errors import AccountError, check_together
from facts.aws import REGION_ZONES, partition_of

_ACCOUNT: Final = re.compile(r"\d{12}")
_ATTEMPTS: Final = 8
_TIMEOUT_SECONDS: Final = 20


@dataclass(frozen=True, kw_only=True)
class AwsAccount:
    """An account of AWS in one region, with the credentials of whoever runs the command."""

    session: boto3.Session
    region: str
    account_id: str

    @property
    def partition(self) -> str:
        """The ARN partition, such as ``aws``."""
        return partition_of(self.region)


def calling(region: str) -> Config:
    """How clients call: they try again where AWS asks to slow down, and do not wait for ever."""
    return Config(
        region_name=region,
        retries={"mode": "standard", "max_attempts": _ATTEMPTS},
        connect_timeout=_TIMEOUT_SECONDS,
        read_timeout=_TIMEOUT_SECONDS,
    )


def check_region(region: str) -> None:
    """Refuse a region that the platform cannot be in.

    Raises:
        AccountError: says what is allowed.
    """
    if region not in REGION_ZONES:
        raise AccountError(f"{region!r} is not a region that the platform can be in; allowed are {', '.join(REGION_ZONES)}")


def check_account_id(account_id: str) -> None:
    """Refuse what is not the id of an account.

    Raises:
        AccountError: says what is allowed.
    """
    if not _ACCOUNT.fullmatch(account_id):
        raise AccountError(f"{account_id!r} is not an account; allowed are its 12 digits")


def sign_in(*, region: str, account_id: str) -> AwsAccount:
    """The account, once the credentials have proved to be of it.

    Raises:
        AccountError: region or account are none, there are no credentials, they are of another account, or
            have expired.
        CloudError: AWS cannot be reached.
    """
    check_together(lambda: check_region(region), lambda: check_account_id(account_id))
    with failures("sts"):
        session = boto3.Session(region_name=region)
        identity = session.client("sts", config=calling(region)).get_caller_identity()
    if identity["Account"] != account_id:
        raise AccountError(
            f"the credentials are of account {identity['Account']} ({identity['Arn']}), not of {account_id}; sign in to that one"
        )
    return AwsAccount(session=session, region=region, account_id=account_id)
