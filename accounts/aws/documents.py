"""IAM policy documents: as JSON for AWS, and as values that compare."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]
Comparable = Mapping[str, object]


def render(statements: Sequence[Statement]) -> str:
    """A policy document as JSON, without a character that counts for nothing."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def comparable(document: str | Mapping[str, Any]) -> Comparable:
    """The statements of a document by their Sid, each in one spelling.

    AWS gives documents back as it keeps them: a list of one as its element, lists in another order.
    """
    content = json.loads(document) if isinstance(document, str) else document
    statements = content.get("Statement", [])
    listed = [statements] if isinstance(statements, Mapping) else statements
    return {str(each.get("Sid", f"statement {place}")): _canonical(each) for place, each in enumerate(listed, 1)}


def _canonical(content: object) -> object:
    if isinstance(content, Mapping):
        return {key: _canonical(below) for key, below in content.items()}
    if isinstance(content, list | tuple):
        elements = sorted((_canonical(each) for each in content), key=str)
        return elements[0] if len(elements) == 1 else elements
    return str(content).lower() if isinstance(content, bool) else content
