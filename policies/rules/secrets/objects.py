"""SEC-001: Secret objects come from the secret backend; one that a stack writes itself is for starting up, and says why."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from facts.display import HIDDEN
from facts.tiers import Tier
from policies.findings import Findings
from policies.model import Resource, Stack, rule
from policies.rules.secrets.credentials import is_known_default, names_credential
from policies.values import UNKNOWN, Value

SECRET: Final = "kubernetes:core/v1:Secret"  # noqa: S105 # a type token
BOOTSTRAP_ANNOTATION: Final = "platform/bootstrap"
_FIELDS: Final = ("data", "stringData")
_CURE: Final = (
    f"Let an ExternalSecret fetch it; if the platform cannot start without it, give the reason in the annotation {BOOTSTRAP_ANNOTATION}"
)


@rule("SEC-001", on=SECRET)
def secrets_come_from_the_backend(secret: Resource, stack: Stack) -> Findings:
    """Known defaults are refused wherever they stand; otherwise content that Pulumi marks secret is not plaintext.

    The Python and Node SDKs mark all data of a Secret by themselves.
    """
    defaults = [value for field in _FIELDS for value in _defaults(field, secret[field])]
    for place in defaults:
        problem = "the Secret holds a default credential that everybody knows"
        yield from place.refuse(problem, "Let an ExternalSecret fetch a generated one", shown=HIDDEN)
    if defaults or stack.tier is Tier.LOCAL:
        return
    reason = secret.at("metadata.annotations")[BOOTSTRAP_ANNOTATION]
    if not reason.may_satisfy(lambda text: isinstance(text, str) and bool(text.strip())):
        inline = next(_inline(secret), None)
        if inline is not None:
            yield from inline.refuse("the Secret holds its content in plaintext", _CURE, shown=HIDDEN)


def _defaults(field: str, content: Value) -> Iterator[Value]:
    """The credentials that everybody knows; content that is unknown as a whole is noted unless it is marked secret."""
    if content.is_secret or not content.is_unknown:
        yield from (value for key, value in content.children() if names_credential(str(key)) and _is_default(field, value))


def _inline(secret: Resource) -> Iterator[Value]:
    """Every place that holds content which nothing marks secret."""
    fields = [secret[field] for field in _FIELDS]
    for place in (*fields, *(value for field in fields for _, value in field.children())):
        if not place.is_secret and not place.may_satisfy(_is_empty_or_mapping):
            yield place


def _is_empty_or_mapping(content: Any) -> bool:
    return content in (None, "") or isinstance(content, dict)


def _is_default(field: str, value: Value) -> bool:
    content = value.peek("what is marked secret and unknown is generated") if value.is_secret else value.get()
    if field == "stringData" or not isinstance(content, str):
        return content is not UNKNOWN and is_known_default(content)
    try:
        return is_known_default(base64.b64decode(content, validate=True).decode())
    except ValueError:
        return False
