"""What Azure's SDK raises, as what the user can do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError, ServiceRequestError, ServiceResponseError

from accounts.errors import AccountError, CloudError, MissingRightError

SIGN_IN: Final = "sign in with `az login --tenant …`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and a credential of it"

_DENIED: Final = frozenset({"AuthorizationFailed", "LinkedAuthorizationFailed", "RoleAssignmentScopeNotPermitted", "Forbidden"})
_NOT_THERE: Final = frozenset({"SubscriptionNotFound", "InvalidSubscriptionId", "InvalidAuthenticationTokenTenant"})
_EXPIRED: Final = frozenset({"ExpiredAuthenticationToken", "InvalidAuthenticationToken", "AuthenticationFailed"})
_REFUSED_BY_POLICY: Final = "RequestDisallowedByPolicy"

_ACTION: Final = re.compile(r"(?:perform(?:ing)?|permission to perform) action(?:\(s\)|s)? '([^']+)'")
_SCOPE: Final = re.compile(r"(?:over|on) (?:the )?(?:linked )?scope(?:\(s\))? '([^']+)'")


@contextmanager
def failures() -> Iterator[None]:
    """Turn what Azure's SDK raises within the block into an AccountError or a CloudError."""
    try:
        yield
    except ClientAuthenticationError as error:
        raise AccountError(f"Azure does not accept the credentials ({_first_line(error)}); {SIGN_IN}") from error
    except HttpResponseError as error:
        raise _translate(error) from error
    except (ServiceRequestError, ServiceResponseError) as error:
        raise CloudError(f"Azure cannot be reached: {_first_line(error)}") from error
    except AzureError as error:
        raise CloudError(f"the call to Azure failed: {_first_line(error)}") from error


def _translate(error: HttpResponseError) -> Exception:
    code = str(error.error.code) if error.error else ""
    said = str(error.error.message) if error.error else _first_line(error)
    if code in _DENIED:
        action, scope = _ACTION.search(said), _SCOPE.search(said)
        return MissingRightError(right=action[1] if action else code, on=scope[1] if scope else "", reason="" if action else said)
    if code in _NOT_THERE:
        return AccountError(f"the credentials do not reach this subscription ({code}: {said}); {SIGN_IN}")
    if code in _EXPIRED:
        return AccountError(f"the credentials have expired or are of another tenant ({code}); {SIGN_IN}")
    if code == _REFUSED_BY_POLICY:
        return AccountError(f"a policy of the subscription forbids it: {said}")
    return CloudError(f"Azure refused: {code or error.status_code}: {said}")


def _first_line(error: AzureError) -> str:
    return str(error.message).partition("\n")[0]
