"""SEC-001: Secret objects come from the secret backend; one that a stack writes itself is for starting up, and says why."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final

from facts.tiers import Tier
from policies.model import Facts, Finding, Resource, ResourceRule
from policies.rules.secrets.credentials import is_known_default, names_credential, plaintext
from policies.values import Value

BOOTSTRAP_ANNOTATION: Final = "platform/bootstrap"
_CURE: Final = (
    f"let an ExternalSecret fetch it; if the platform cannot start without it, give the reason in the annotation {BOOTSTRAP_ANNOTATION}"
)


def _check(resource: Resource, facts: Facts) -> Iterator[Finding]:
    """Known defaults are refused wherever they stand; otherwise content that Pulumi marks secret is not plaintext.

    The Python and Node SDKs mark all data of a Secret by themselves.
    """
    entries = [(field, key, value) for field in ("data", "stringData") for key, value in resource[field].below()]
    defaults = [value for field, key, value in entries if names_credential(str(key)) and is_known_default(_text(field, value))]
    for place in defaults:
        yield plaintext(place, "the Secret holds a default credential that everybody knows", "let an ExternalSecret fetch a generated one")
    if defaults or facts.tier is Tier.LOCAL:
        return
    reason = resource.inputs.at("metadata.annotations")[BOOTSTRAP_ANNOTATION]
    if reason.fails(lambda text: isinstance(text, str) and bool(text.strip())):
        content = [resource["data"], resource["stringData"], *(value for _, _, value in entries)]
        inline = [place for place in content if not place.is_secret and place.fails(_is_empty_or_mapping)]
        if inline:
            yield plaintext(inline[0], "the Secret holds its content in plaintext", _CURE)


def _is_empty_or_mapping(content: Any) -> bool:
    return content in (None, "") or isinstance(content, dict)


def _text(field: str, value: Value) -> Any:
    if field == "stringData" or not isinstance(value.known, str):
        return value.known
    try:
        return base64.b64decode(value.known, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


SECRETS_COME_FROM_THE_BACKEND = ResourceRule(
    name="secrets-come-from-the-backend", requirements=("SEC-001",), types=("kubernetes:core/v1:Secret",), check=_check
)
