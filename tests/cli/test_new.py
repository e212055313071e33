"""A new stack from a few answers: it previews clean at once, and nothing that is there is touched."""

from __future__ import annotations

import errno
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pytest
import typer
from typer.testing import Result

from facts.tiers import Tier
from offline.stackfile import read_stack
from stacks.loading import load_settings
from stacks.settings.existing import ExistingStack
from stacks.starting.files import write_stack
from stacks.starting.questions import QUESTIONS
from tests.cli.projects import content_of, copy_project, plinth

ANSWERS: Final = {
    "aws": {
        "team": "platform_team",
        "runbooks": "https://git.example.com/plinth/blob/main/runbooks",
        "region": "eu-north-1",
        "account": "111122223333",
        "role": "arn:aws:iam::111122223333:role/plinth-deployer",
    },
    "azure": {
        "team": "platform_team",
        "runbooks": "https://git.example.com/plinth/blob/main/runbooks",
        "location": "westeurope",
        "subscription": "11112222-0000-4000-8000-333300000000",
        "tenant": "11112222-0000-4000-8000-333344445555",
        "admin-group": "aaaa1111-0000-4000-8000-bbbb22223333",
        "admin-group-name": "platform-admins",
        "caller": "198.51.100.0/24",
    },
    "existing": {
        "team": "platform_team",
        "runbooks": "https://git.example.com/plinth/blob/main/runbooks",
        "context": "homelab",
        "nodes": "3",
        "node-cidr": "192.168.1.0/24",
        "api-server": "192.168.1.10/32",
        "service-cidr": "10.43.0.0/16",
        "storage-class": "longhorn-retain",
        "zones": "rack-a, rack-b, rack-c",
        "snapshot-class": "longhorn",
        "bucket-endpoint": "https://s3.example.com",
        "bucket": "platform-backups",
        "bucket-cidr": "203.0.113.0/24",
    },
}
PLACES: Final = sorted(ANSWERS)


def create(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, place: str = "aws", tier: str = "dev", name: str = "fresh", **changed: str | None
) -> Result:
    answers = {option: value for option, value in {**ANSWERS[place], **changed}.items() if value is not None}
    options = [part for option, value in answers.items() for part in (f"--{option}", value)]
    return plinth(folder, "new", name, "--on", place, "--tier", tier, *options, monkeypatch=monkeypatch)


def test_every_answer_can_be_given_as_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = plinth(tmp_path, "new", "--help", monkeypatch=monkeypatch).stdout
    assert [each.name for questions in QUESTIONS.values() for each in questions if f"--{each.name} " not in text] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("tier", list(Tier))
def test_every_tier_of_every_place_makes_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, tier: Tier) -> None:
    copy_project(tmp_path)
    result = create(tmp_path, monkeypatch, place=place, tier=tier.value)
    assert result.exit_code == 0
    assert "make preview STACK=fresh" in result.stdout
    settings = load_settings(read_stack(tmp_path, "fresh").values)
    assert (settings.environment, settings.team) == (tier, "platform_team")


@pytest.mark.parametrize("place", PLACES)
def test_a_new_production_previews_without_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    copy_project(tmp_path)
    assert create(tmp_path, monkeypatch, place=place, tier="production").exit_code == 0
    result = plinth(tmp_path, "preview", "fresh", "--quiet", monkeypatch=monkeypatch)
    assert result.exit_code == 0
    assert "0 violations, 0 pieces of advice" in result.stdout


@pytest.mark.parametrize("location", ["spaincentral", "westus3"])
def test_a_location_without_copies_elsewhere_is_asked_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, location: str) -> None:
    copy_project(tmp_path)
    assert create(tmp_path, monkeypatch, place="azure", tier="production", location=location).exit_code == 0


def test_its_network_is_apart_from_those_of_the_stacks_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    taken = {read_stack(tmp_path, stack).values["plinth:network"] for stack in ("dev", "staging", "production")}
    create(tmp_path, monkeypatch)
    create(tmp_path, monkeypatch, name="second")
    fresh = {read_stack(tmp_path, stack).values["plinth:network"].split('"cidr":"')[1].split('"')[0] for stack in ("fresh", "second")}
    assert len(fresh) == 2
    assert not any(cidr in network for cidr in fresh for network in taken)


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    before = content_of(tmp_path)
    result = create(tmp_path, monkeypatch, name="dev")
    assert result.exit_code == 2
    assert "is there already and stays as it is" in result.stderr
    assert content_of(tmp_path) == before


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    before = content_of(tmp_path)
    result = create(tmp_path, monkeypatch, region="eu-west-9", account="12", role="me")
    assert result.exit_code == 2
    assert [line.split(":")[1] for line in result.stderr.splitlines()[1:]] == ["aws.region", "aws.account", "cluster.adminRoleArns[0]"]
    assert content_of(tmp_path) == before


def test_without_somebody_to_ask_the_missing_options_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    result = create(tmp_path, monkeypatch, team=None, account=None)
    assert result.exit_code == 2
    assert [line.split()[0] for line in result.stderr.splitlines()[1:]] == ["--team", "--account"]


def test_a_wrong_place_tier_and_name_are_told_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    result = plinth(tmp_path, "new", "../dev", "--on", "mars", "--tier", "prod", monkeypatch=monkeypatch)
    assert result.exit_code == 2
    for part in ("'mars' is not a place", "aws", "'prod' is not a tier", "production", "'../dev' cannot be the name of a stack"):
        assert part in result.stderr


@pytest.mark.parametrize("character", ["\x7f", "\x1b", "\udcff", "\u202e"])
def test_an_answer_that_cannot_be_printed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, character: str) -> None:
    copy_project(tmp_path)
    before = content_of(tmp_path)
    result = create(tmp_path, monkeypatch, team=f"team{character}")
    assert result.exit_code == 2
    assert result.stderr == "plinth: --team holds a character that cannot be printed; write it anew\n"
    assert content_of(tmp_path) == before


@pytest.mark.parametrize(("answer", "nodes"), [("3", 3), ("010", 10)])
def test_a_number_stays_what_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, nodes: int) -> None:
    copy_project(tmp_path)
    assert create(tmp_path, monkeypatch, place="existing", nodes=answer).exit_code == 0
    settings = load_settings(read_stack(tmp_path, "fresh").values)
    assert isinstance(settings, ExistingStack)
    assert settings.cluster.nodes == nodes


def test_zones_without_a_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    result = create(tmp_path, monkeypatch, place="existing", tier="staging", zones="")
    assert result.exit_code == 2
    assert 'plinth:cluster.zones[0]: given ""; allowed is the value of a node\'s label' in result.stderr


def test_whoever_ends_the_questions_gets_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_project(tmp_path)
    before = content_of(tmp_path)

    def end(*_: object, **__: object) -> str:
        raise typer.Abort

    monkeypatch.setattr("typer.prompt", end)
    monkeypatch.setattr("cli.new.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    result = create(tmp_path, monkeypatch, team=None)
    assert result.exit_code == 2
    assert "nothing was written: an answer is missing" in result.stderr
    assert content_of(tmp_path) == before


def test_a_full_disk_leaves_no_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "Pulumi.fresh.yaml"

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    class Full(io.StringIO):
        flush = fail

    def open_full(self: Path, *_: object, **__: object) -> Full:
        self.touch()
        return Full()

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OSError, match="No space left"):
        write_stack(path, "config: {}\n")
    assert not path.exists()
