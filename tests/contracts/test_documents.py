"""What the documents show is what the project has: excerpts stand in the files that they name, and the files are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("runbooks/*.md"))]
EXCERPT = re.compile(r"`(?P<path>[\w./-]+)`:\n\n```\w+\n(?P<code>.*?)\n```", re.DOTALL)
"""A code block that is introduced by the path of the file that it is from."""
NAMED = re.compile(r"`((?:bench|cli|components|docs|facts|offline|policies|runbooks|stacks|tests|tools)/[\w./-]*)`")
LEFT_OUT = {"", "...", "…", "# …"}


def is_replaced(path: str) -> bool:
    """Whether a path is that of an example stack, in whose place a team has put its own."""
    return path.startswith("stacks/Pulumi.") and not (ROOT / path).exists()


def excerpts() -> Iterator[tuple[Path, str, str]]:
    for document in DOCUMENTS:
        for found in EXCERPT.finditer(document.read_text(encoding="utf-8")):
            if not is_replaced(found["path"]):
                yield document, found["path"], found["code"]


def test_the_documents_show_real_code() -> None:
    assert len([path for document, path, _ in excerpts() if document.name == "ARCHITECTURE.md"]) >= 5


@pytest.mark.parametrize(("document", "path", "code"), list(excerpts()))
def test_an_excerpt_stands_in_its_file_line_by_line(document: Path, path: str, code: str) -> None:
    lines = iter((ROOT / path).read_text(encoding="utf-8").splitlines())
    # `in` moves the iterator on: the lines have to come in this order.
    missing = [line for line in code.splitlines() if line.strip() not in LEFT_OUT and line.strip() not in (each.strip() for each in lines)]
    assert missing == [], f"{document.name} shows what {path} does not have"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_is_there(document: Path) -> None:
    named = {path for path in NAMED.findall(document.read_text(encoding="utf-8")) if not re.search(r"[<>*]", path)}
    assert [path for path in sorted(named) if not ((ROOT / path).exists() or is_replaced(path))] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []
