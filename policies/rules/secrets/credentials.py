"""What is a credential and what only speaks of one: the names and texts that the rules about plaintext credentials recognise (SEC-001)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from facts.display import HIDDEN
from policies.findings import Findings
from policies.values import Value

KNOWN_DEFAULTS: Final = frozenset(
    {"postgres", "guest", "admin", "prom-operator", "changeme", "change-me", "changeit", "password", "secret", "minioadmin"}
)
"""Passwords that products or tutorials come with; the first five are named by SEC-001."""

_SECRET_WORD: Final = re.compile(r"(?i)password|passwd|secret|token|api_?key|private_?key|connection_?string")
_DSN: Final = "dsn"
_SHORT: Final = "pwd"
_DIRECTORIES: Final = frozenset({"pwd", "oldpwd"})
_PASSWORD: Final = re.compile(r"(?i)passw(?:or)?d|pwd")
_DATABASE_ADDRESS: Final = re.compile(r"(?i)\s*+(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?://")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

# Last words of names that say where a credential lies, or something about it.
_REFERENCE: Final = re.compile(r"files?|path|dir|directory|refs?|names?|arns?|secrets")
_DESCRIPTION: Final = re.compile(
    r"algorithm|annotations|audience|backend|class|count|disabled|duration|enabled|endpoint|engine|expiration|expires|expiry|field|format"
    r"|header|hours|interval|issuer|job|labels|length|lifetime|limit|max|method|min|minutes|mode|namespace|policy|prefix|provider|region"
    r"|required|rotation|scopes?|seconds|selector|size|store|strategy|suffix|template|timeout|ttl|type|uri|url|validity|version"
)
# First words of switches and counts.
_SWITCHES: Final = frozenset({"automount", "create", "disable", "enable", "existing", "max", "min", "num", "use"})
# "…Secret" after these words names a Secret object: configSecret, tlsSecret, adminPasswordSecret, envFromSecret.
_SECRET_OBJECTS: Final = frozenset(
    {"ca", "cert", "certificate", "config", "credentials", "extra", "from", "image", "passwd", "password", "pull", "tls"}
)

# References to variables, by how far they can reach: those that end at }}, at }, or with the name itself.
_NAMED: Final = r"(?<!\$)\$\([A-Za-z_][\w.-]*+\)|<<\s*+\$\w++\s*+>>|(?<!\$)\$[A-Z_][A-Z0-9_]*+$"
_BRACED: Final = rf"\$\{{[^}}]+\}}|\$__\w++\{{[^}}]+\}}|{_NAMED}"
_TEMPLATED: Final = re.compile(rf"\{{\{{.*?\}}\}}|{_BRACED}", re.DOTALL)
_VARIABLES: Final = ((_TEMPLATED, "}}"), (re.compile(_BRACED), "}"), (re.compile(_NAMED), ""))
_POINTER: Final = re.compile(
    r"(?:vault:|ref\+|secretref:|op://|awssm://|arn:aws[\w-]*:(?:secretsmanager|ssm):|/(?:etc|run|var|mnt|vault|secrets)/"
    # The entry of a Secret that holds a key: tls.key, ca.pem.
    r"|[a-z][a-z-]{0,30}\.(?:key|pem|crt)$)"
)
# In an address; in a connection string of .NET or Azure. Every run of characters is looked at from its start alone, so that the time
# is linear in the length of the text; a rule may be handed files of any size.
_INLINE_PASSWORD: Final = (
    re.compile(
        r"(?<![A-Za-z0-9+.-])(?=[0-9+.-]*+[A-Za-z])[A-Za-z0-9+.-]++://[^\s:/@?#\"']*+:(?P<password>[^\s@/]++)@",
    ),
    re.compile(r"(?i);\s*+(?:password|pwd|accountkey|sharedaccesskey)\s*+=\s*+(?P<password>[^;\s]++)"),
    re.compile(r"(?i)^\s*+(?:password|pwd|accountkey|sharedaccesskey)\s*+=\s*+(?P<password>[^;\s]++);"),
)
_PART: Final = re.compile(r"(?P<gap>[^\S ]++)|[^\s]++")
_LIBPQ_START: Final = re.compile(r"(?i)\b(?:host|user|port|dbname|sslmode)=.")
_LIBPQ_PAIR: Final = re.compile(r"\w++=.")
_LIBPQ_PASSWORD: Final = "password="  # noqa: S105 # a name, no password
_PLACEHOLDER: Final = re.compile(r"[$%<{].*|\*+|x{3,}", re.IGNORECASE | re.DOTALL)


def names_credential(name: str) -> bool:
    """Whether a name (of a variable or key) says that its value is a credential, not where one lies or how long it lives."""
    words = [word.lower() for word in _WORD.findall(name)]
    # Found by word, because they also hide in names such as podsNamespace, and a shell's PWD is its working directory.
    is_short = any(word.endswith(_DSN) or (word.endswith(_SHORT) and name.lower() not in _DIRECTORIES) for word in words)
    if not (is_short or _SECRET_WORD.search(name)):
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    return not (
        _REFERENCE.fullmatch(last)
        or _DESCRIPTION.fullmatch(last)
        or words[0] in _SWITCHES
        or "existing" in words
        or (last == "key" and before in {"password", "passwd", "token", "ref"})
        or (last == "secret" and before in _SECRET_OBJECTS)
    )


def names_password(name: str) -> bool:
    """Whether a name speaks of a password, which PG-013 forbids to write, too."""
    return _PASSWORD.search(name) is not None


def is_database_address(content: Any) -> bool:
    """Whether a text is the address of a PostgreSQL database."""
    return isinstance(content, str) and _DATABASE_ADDRESS.match(content) is not None


def is_known_default(text: Any) -> bool:
    """Whether a text is a password that everybody knows."""
    return isinstance(text, str) and text.strip().lower() in KNOWN_DEFAULTS


def is_literal(text: str) -> bool:
    """Whether a text is a credential itself: not empty and no reference to a variable, file or secret store."""
    rest = _without_variables(text)
    only_variables = rest != text and not re.search(r"\w", rest)
    return bool(text.strip()) and not only_variables and not _POINTER.match(text)


def _without_variables(text: str) -> str:
    """What is left of a text without references to variables.

    A reference is looked for only as far as what ends it still comes: otherwise each of many openings would search the whole rest.
    """
    kept, start = [], 0
    for pattern, closing in _VARIABLES:
        end = text.rfind(closing) + len(closing)
        if closing in text and end > start:
            kept.append(pattern.sub("", text[start:end]))
            start = end
    return "".join(kept)


def has_inline_password(text: str) -> bool:
    """Whether a text holds an address or connection string with a password in it, such as ``amqp://user:…@host`` or ``Password=…;``."""
    passwords = (match["password"] for pattern in _INLINE_PASSWORD for match in pattern.finditer(text))
    return any(not _PLACEHOLDER.fullmatch(password) for password in (*passwords, *_libpq_passwords(text)))


def _libpq_passwords(text: str) -> Iterator[str]:
    """The passwords of connection strings such as ``host=db user=app password=…``: pairs with nothing but spaces between them."""
    is_open = False
    for part in _PART.finditer(text) if _LIBPQ_PASSWORD in text.lower() else ():
        word = part[0]
        if is_open and len(word) > len(_LIBPQ_PASSWORD) and word.lower().startswith(_LIBPQ_PASSWORD):
            yield word[len(_LIBPQ_PASSWORD) :]
        elif part["gap"] or not (is_open and _LIBPQ_PAIR.match(word)):
            is_open = not part["gap"] and _LIBPQ_START.search(word) is not None


def refuse_credential(name: str, value: Value, holder: str, cure: str) -> Findings:
    """Refuse a value that is a credential by its name or its form; ``holder`` begins the problem: ``the chart's values hold``.

    An unknown value is noted where the name says that it is a credential; one that is marked secret is wrong only as a known default.
    """
    problem = _named_problem(name, value) if names_credential(name) else _address_problem(value)
    return value.refuse(f"{holder} {problem}", cure, shown=HIDDEN) if problem else ()


def _named_problem(name: str, value: Value) -> str | None:
    content = value.peek("an unknown that is marked secret is generated or fetched; another one is noted below")
    if isinstance(content, dict | list):
        return None
    if is_known_default(content):
        return "a default credential that everybody knows"
    if value.is_secret or value.is_unknown:
        return None
    if isinstance(content, str):
        return "a credential in plaintext" if _is_credential(name, content) else None
    is_number = isinstance(content, float | int) and not isinstance(content, bool)
    return "a credential in plaintext" if is_number and names_password(name) else None


def _address_problem(value: Value) -> str | None:
    content = value.peek("any text may hold an address: to note each unknown one would leave every release undecided")
    has_password = isinstance(content, str) and not value.is_secret and has_inline_password(content)
    return "a password inside an address or connection string" if has_password else None


def _is_credential(name: str, text: str) -> bool:
    if re.search(rf"(?i){_DSN}|connection_?string", name):
        # The host or the password may come from a variable: what is left must not be the password.
        return has_inline_password(text) if _without_variables(text) != text else is_literal(text)
    if re.search(r"(?i)tokens$", name) and text.strip().isdigit():
        return False
    return is_literal(text) and text.strip().lower() not in {"true", "false"}
