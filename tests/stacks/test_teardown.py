"""A stack that is taken down on purpose (plinth:teardown): nothing holds on, and no data is lost."""

from __future__ import annotations

import pytest

from offline.engine import Run, run_program
from policies.analyzer import Analyzer
from tests.components.recorded import the
from tests.runs import config_of
from tests.tools import ROOT


@pytest.fixture(scope="module")
def marked() -> Run:
    config = config_of("production")
    return run_program(
        ROOT / "__main__.py",
        stack="production",
        project=config.project,
        config={**config.values, "plinth:teardown": "true"},
        secret_keys=config.secret_keys,
        pack=Analyzer(),
    )


def test_nothing_is_protected_any_more(marked: Run) -> None:
    assert [each.urn for each in marked.resources if each.options.get("protect")] == []
    assert [each.urn for each in marked.resources if each.inputs.get("deletionProtection")] == []


def test_the_database_leaves_its_snapshot_its_backups_and_the_key_that_opens_them(marked: Run) -> None:
    database = the(marked, "aws:rds/instance:Instance", "database-instance").inputs
    assert database["skipFinalSnapshot"] is False
    assert "finalSnapshotIdentifier" in database
    assert database["deleteAutomatedBackups"] is False
    assert the(marked, "aws:kms/key:Key", "database-storage-key").options["retain_on_delete"] is True


def test_in_production_somebody_has_to_answer_for_it_by_a_waiver(marked: Run) -> None:
    assert [diagnostic.requirements for diagnostic in marked.diagnostics] == [["PG-005"]]
