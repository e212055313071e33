"""How text that somebody else wrote is shown: nothing that looks like a credential, nothing that moves the terminal."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Final

HIDDEN: Final = "[hidden]"

_LONGEST: Final = 60
"""Characters of a value that a message shows."""

_WORD: Final = re.compile(r"""[^\s"'`,;()\[\]{}<>]+""")
_WEBHOOK: Final = re.compile(
    r"(hooks\.slack\.com|webhook\.office\.com|discord(?:app)?\.com/api/webhooks|events\.pagerduty\.com/integration|hc-ping\.com)/.+"
)
"""Addresses that whoever knows them may call: the path is the credential."""

_ASSIGNED: Final = re.compile(r"(?i)(password|passwd|pwd|accountkey|sharedaccesskey|api_?key|token|secret)=.+")
_TOKEN: Final = re.compile(
    r"(?<![\w-])(?:A[KS]IA[0-9A-Z]{16}|gh[opsur]_\w{20,}|github_pat_\w+|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]+|[rs]k_(?:live|test)_\w+|sk-[\w-]{20,}"
    r"|AIza[\w-]{30,}|hv[sbr]\.[\w-]{8,}|pul-[0-9a-f]{40}|npm_\w{30,}|eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?)"
)
"""Prefixes by which AWS, GitHub, GitLab, Slack, Stripe, OpenAI, Google, Vault, Pulumi and npm mark their keys, and JSON web tokens."""

_RUN: Final = re.compile(r"[A-Za-z0-9]{20,}")
_BASE64: Final = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])")
_DIGEST: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""Commits and image digests are as long as keys, and no secret."""
_IMAGE_DIGEST: Final = "sha256:"

_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""All control characters but the line feed, and those that turn the direction of writing."""


def show(value: object) -> str:
    """A value of the settings as a message shows it: scalars as JSON, cut short; of mappings and lists only what they are."""
    if value and isinstance(value, dict):
        return "a mapping"
    if value and isinstance(value, list | tuple):
        return "a list"
    text = hide_credentials(json.dumps(value, default=str))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def make_presentable(text: str) -> str:
    """A message as it may reach a terminal: credentials hidden, control characters other than line feeds as escapes."""
    return _CONTROL.sub(_escape, hide_credentials(text))


def hide_credentials(text: str) -> str:
    """``text`` with :data:`HIDDEN` in place of what is shaped like a credential; the time it takes is linear in the length."""
    return _WORD.sub(lambda word: _without_credentials(word[0]), text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 # two digits are enough


@lru_cache(maxsize=4096)  # messages are made of the same words
def _without_credentials(word: str) -> str:
    if "@" in word:
        word = _without_user(word)
    word = _WEBHOOK.sub(rf"\1/{HIDDEN}", word)
    word = _ASSIGNED.sub(rf"\1={HIDDEN}", word)
    word = _TOKEN.sub(HIDDEN, word)
    word = _BASE64.sub(lambda found: HIDDEN if _is_mixed(found[0]) else found[0], word)
    return _RUN.sub(lambda found: HIDDEN if _looks_random(found[0]) else found[0], word)


def _without_user(word: str) -> str:
    """``user:password@`` and, in an address, ``token@``."""
    before, _, host = word.rpartition("@")
    scheme, separator, user = before.rpartition("://")
    first, _, password = user.partition("/")[0].rpartition(":")
    is_login = bool(first) and not password.isdigit()
    if host.startswith(_IMAGE_DIGEST) or not (is_login or (separator and "/" not in user)):
        return word
    return f"{scheme}{separator}{HIDDEN}@{host}"


def _looks_random(run: str) -> bool:
    has_both = any(character.isdigit() for character in run) and any(character.isalpha() for character in run)
    return has_both and not _DIGEST.fullmatch(run)


def _is_mixed(run: str) -> bool:
    return all(any(test(character) for character in run) for test in (str.isdigit, str.islower, str.isupper))
