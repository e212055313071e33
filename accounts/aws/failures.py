"""What botocore raises, as what the user can do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.exceptions import (
    ConnectionError as NotConnectedError,
)

from accounts.errors import AccountError, CloudError, MissingRightError

_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized", "403"})
_EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
_UNKNOWN_KEY: Final = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthFailure", "InvalidToken"}
)
_DISABLED: Final = frozenset({"OptInRequired", "RegionDisabledException"})
_AGAIN: Final = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "SlowDown"})

_RIGHT: Final = re.compile(r"not authorized to perform:? ([a-z0-9-]+:[A-Za-z]+)")
_RESOURCE: Final = re.compile(r"on resource:? \"?(\S+?)\"?(?=[ ,.]|$)")
_REASON: Final = re.compile(r"(with an explicit deny in an? [a-z -]+?policy|because no [a-z -]+?policy allows)")
_NAMED_OTHERWISE: Final = {
    "HeadBucket": "s3:ListBucket",
    "ListBuckets": "s3:ListAllMyBuckets",
    "GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
    "GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
"""Calls of S3 whose right has another name (Service Authorization Reference, "Actions defined by Amazon S3")."""

SIGN_IN: Final = "sign in again, such as with `aws sso login`, or set AWS_PROFILE"


@contextmanager
def failures(service: str = "") -> Iterator[None]:
    """Turn what botocore raises within the block into an AccountError or a CloudError.

    ``service`` is the prefix of rights for answers that do not name theirs.
    """
    try:
        yield
    except ClientError as error:
        raise _translate(error, service) from error
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        raise AccountError(f"there are no credentials for AWS ({error}); {SIGN_IN}") from error
    except (SSOError, TokenRetrievalError) as error:
        raise AccountError(f"the session of AWS IAM Identity Center cannot be used ({error}); {SIGN_IN}") from error
    except ProfileNotFound as error:
        raise AccountError(f"{error}; set AWS_PROFILE to one of `aws configure list-profiles`") from error
    except NoRegionError as error:
        raise AccountError("no region is given; name one with --region") from error
    except (NotConnectedError, HTTPClientError) as error:
        raise CloudError(f"AWS cannot be reached: {error}") from error
    except BotoCoreError as error:
        raise CloudError(f"the call to AWS failed: {error}") from error


def code_of(error: ClientError) -> str:
    """The code by which AWS names a failure, such as ``NoSuchBucket``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _translate(error: ClientError, service: str) -> Exception:
    code, said = code_of(error), str(error.response.get("Error", {}).get("Message", ""))
    if code in _DENIED:
        return _missing_right(error, said, service)
    if code in _EXPIRED:
        return AccountError(f"the credentials have expired; {SIGN_IN}, then run it again")
    if code in _UNKNOWN_KEY:
        return AccountError(f"AWS does not know these credentials ({code}), or the region is not enabled for the account; {SIGN_IN}")
    if code in _DISABLED:
        return AccountError(f"the region or the service is not enabled for this account ({code}: {said}); enable it first")
    if code in _AGAIN:
        return CloudError(f"AWS asks to slow down ({code}); run it again in a minute")
    return CloudError(f"AWS refused {error.operation_name}: {code}: {said}")


def _missing_right(error: ClientError, said: str, service: str) -> MissingRightError:
    """AWS names the right in its message; where it does not, calls are named like their rights, mostly."""
    found, on, reason = _RIGHT.search(said), _RESOURCE.search(said), _REASON.search(said)
    operation = error.operation_name
    assumed = _NAMED_OTHERWISE.get(operation) or (f"{service}:{operation}" if service else operation)
    return MissingRightError(
        right=found[1] if found else assumed,
        on=on[1] if on else "",
        reason=reason[1] if reason and reason[1].startswith("with") else "",
    )
