"""What documents tell people to run on databases is what RDS takes of PostgreSQL, by the model of its own SDK."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import botocore.session
import pytest
from botocore import xform_name

from tests.contracts.test_documents import DOCUMENTS

COMMAND: Final = re.compile(r"\baws rds (?P<verb>(?:wait )?[a-z-]+)(?P<options>(?:\\\n|[^`\n|;])*)")
OPTION: Final = re.compile(r"(?<=\s)--([a-z][a-z-]*)")
GLOBAL: Final = {"region", "output", "query"}
SIGNED_LOCALLY: Final = "generate-db-auth-token"
SESSION: Final = botocore.session.get_session()
MODEL: Final = SESSION.get_service_model("rds")
OPERATIONS: Final = {xform_name(name, "-"): name for name in MODEL.operation_names}
WAITERS: Final = {xform_name(name, "-") for name in SESSION.get_waiter_model("rds").waiter_names}


def commands() -> Iterator[tuple[str, str, frozenset[str]]]:
    for document in DOCUMENTS:
        for found in COMMAND.finditer(document.read_text(encoding="utf-8")):
            if found["verb"] != SIGNED_LOCALLY:
                yield document.name, found["verb"], frozenset(OPTION.findall(found["options"])) - GLOBAL


@pytest.mark.parametrize(("document", "verb", "options"), sorted(set(commands()), key=str))
def test_a_command_and_its_options_are_those_of_rds(document: str, verb: str, options: frozenset[str]) -> None:
    if verb.startswith("wait "):
        assert verb.removeprefix("wait ") in WAITERS, document
        return
    taken = MODEL.operation_model(OPERATIONS[verb]).input_shape
    members = {xform_name(name, "-"): shape for name, shape in taken.members.items()} if taken else {}
    for option in options:
        shape = members.get(option) or members[option.removeprefix("no-")]
        assert "RDS for Oracle only" not in shape.documentation, f"{document}: {verb} --{option} is not for PostgreSQL"
