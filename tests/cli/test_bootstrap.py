from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from tests.cli.projects import finish, plinth, start, write_project
from tests.tools import ROOT

ACCOUNT = "123456789012"
ON_AWS = ("bootstrap", "aws", "--region", "eu-west-1", "--account", ACCOUNT, "--github", "acme/platform")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield


@pytest.mark.usefixtures("aws")
def test_the_plan_comes_first_then_what_is_done_then_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_project(tmp_path, "")
    planned = plinth(folder, *ON_AWS, "--dry-run", monkeypatch=monkeypatch)
    assert planned.exit_code == 0
    assert "8 to create, 0 to change, 0 to keep." in planned.stdout
    assert "\ncreated " not in planned.stdout
    assert "pulumi login" not in planned.stdout
    done = plinth(folder, *ON_AWS, "--yes", monkeypatch=monkeypatch)
    assert done.exit_code == 0
    assert done.stdout.count("created ") == 8
    assert done.stdout.index("8 to create") < done.stdout.index("created ") < done.stdout.index("pulumi login")
    again = plinth(folder, *ON_AWS, monkeypatch=monkeypatch)
    assert again.exit_code == 0
    assert "Nothing to do" in again.stdout
    assert "pulumi login" in again.stdout


@pytest.mark.usefixtures("aws")
def test_without_anybody_to_ask_the_plan_is_shown_and_nothing_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_project(tmp_path, "")
    result = plinth(folder, *ON_AWS, monkeypatch=monkeypatch)
    assert result.exit_code == 2
    assert "run it again with --yes" in result.stderr
    assert "8 to create" in plinth(folder, *ON_AWS, "--dry-run", monkeypatch=monkeypatch).stdout


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(("answer", "changed"), [("y\n", True), ("\n", False), ("n\n", False)])
def test_whoever_sits_there_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, answer: str, changed: bool) -> None:
    monkeypatch.setattr("cli.bootstrap._can_be_asked", lambda: True)
    result = plinth(write_project(tmp_path, ""), *ON_AWS, monkeypatch=monkeypatch, given=answer)
    assert result.exit_code == 0
    assert "Do this? [y/N]" in result.stdout
    assert ("created " in result.stdout) is changed
    assert ("Nothing was changed." in result.stdout) is not changed


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--account", "999988887777", "the credentials are of account 123456789012"),
        ("--region", "nowhere", "'nowhere' is not a region"),
        ("--github", "acme", "allowed is ORG/REPO"),
        ("--environment", "a:b", "--environment is 'a:b'"),
        ("--project", "Plinth", "--project is 'Plinth'"),
    ],
)
def test_a_mistake_ends_with_2_before_anything_is_planned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, value: str, said: str
) -> None:
    result = plinth(write_project(tmp_path, ""), *ON_AWS, option, value, monkeypatch=monkeypatch)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("cloud", "said"),
    [
        (["aws", "--region", "nowhere", "--account", "12"], ["'nowhere' is not a region", "'12' is not an account"]),
        (["azure", "--location", "nowhere", "--subscription", "12"], ["'12' is not a subscription", "--location is 'nowhere'"]),
    ],
    ids=["aws", "azure"],
)
def test_all_mistakes_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cloud: list[str], said: list[str]) -> None:
    wrong = ["bootstrap", *cloud, "--github", "acme", "--project", "Plinth"]
    result = plinth(write_project(tmp_path, ""), *wrong, monkeypatch=monkeypatch)
    assert result.exit_code == 2
    for message in (*said, "--github is 'acme'", "--project is 'Plinth'"):
        assert message in result.stderr


def test_without_a_region_the_option_is_named(tmp_path: Path) -> None:
    done = finish(start("bootstrap", "aws", "--account", ACCOUNT, "--github", "acme/platform", cwd=tmp_path))
    assert done.returncode == 2
    assert "--region" in done.stderr


def test_a_preview_imports_nothing_that_talks_to_an_account() -> None:
    code = (
        "import sys, cli.commands, cli.preview; "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'azure', 'boto3', 'botocore', 'msal', 'requests'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 # own code
    assert done.stdout.strip() == "[]"
