from __future__ import annotations

from pathlib import Path

import pytest

from policies.project import known_stacks
from tests.tools import ROOT


def test_the_stacks_of_the_repository_are_known() -> None:
    assert known_stacks(ROOT) == {file.name.split(".")[1] for file in (ROOT / "stacks").glob("Pulumi.*.yaml")}


def test_stacks_lie_where_the_project_says(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.eu-west.yaml").touch()
    (tmp_path / "Pulumi.yaml").write_text("name: plinth\n", encoding="utf-8")
    assert known_stacks(tmp_path) == {"eu-west"}


@pytest.mark.parametrize("text", [None, "- [", "[]", "stackConfigDir: [a]", "stackConfigDir: nowhere"])
def test_without_a_readable_project_no_stack_is_known(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "Pulumi.yaml").write_text(text, encoding="utf-8")
    assert known_stacks(tmp_path) == frozenset()
