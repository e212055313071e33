"""Every mistake of a user is one clear message on standard error and exit code 2: no traceback, no output, nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.projects import DEV, content_of, copy_project, plinth, write_project
from tests.runs import EVERYWHERE


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The message with which a preview in ``tmp_path`` is refused."""

    def run(stack: str = "dev", *options: str) -> str:
        before = content_of(tmp_path)
        result = plinth(tmp_path, "preview", stack, *options, monkeypatch=monkeypatch)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert content_of(tmp_path) == before
        progress, start, message = result.stderr.partition("plinth: ")
        assert start
        assert all(line.endswith("…") for line in progress.splitlines())
        return message

    return run


@pytest.fixture
def deviate(tmp_path: Path, refused: Callable[..., str]) -> Callable[..., str]:
    """The message for a stack file with one part written otherwise."""
    copy_project(tmp_path)

    def run(old: str, new: str, stack: str = "dev", *options: str) -> str:
        path = tmp_path / "stacks" / f"Pulumi.{stack}.yaml"
        content = path.read_text(encoding="utf-8")
        assert content.count(old) == 1
        path.write_text(content.replace(old, new), encoding="utf-8")
        return refused(stack, *options)

    return run


def test_an_unknown_stack_is_told_the_nearest_and_all_others(tmp_path: Path, refused: Callable[..., str]) -> None:
    copy_project(tmp_path)
    message = refused("prodution")
    assert message.startswith("unknown stack 'prodution' (did you mean 'production'?)")
    assert f"known stacks are {', '.join(EVERYWHERE)}" in message


def test_a_stack_without_a_file_is_told_where_it_would_be(tmp_path: Path, refused: Callable[..., str]) -> None:
    write_project(tmp_path, "")
    assert "there is no Pulumi.dev.yaml in" in refused()


@pytest.mark.parametrize("name", ["../dev", "", "a b"])
def test_what_can_be_no_name_of_a_stack_is_an_unknown_stack(tmp_path: Path, refused: Callable[..., str], name: str) -> None:
    write_project(tmp_path, "", dev=DEV)
    assert refused(name).startswith(f"unknown stack {name!r}")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("config: [", "Pulumi.dev.yaml:"),
        ("config:\n\tplinth:environment: dev\n", "Pulumi.dev.yaml:2:1: is not valid YAML"),
        ("- a\n", "allowed is a mapping"),
        ("config: text\n", "'config' is a text; allowed is a mapping"),
        ("configuration: {}\n", "unknown key 'configuration'; allowed are"),
    ],
)
def test_a_malformed_stack_file_is_named_with_the_place(tmp_path: Path, refused: Callable[..., str], content: str, says: str) -> None:
    write_project(tmp_path, "", dev=content)
    message = refused()
    assert "Pulumi.dev.yaml" in message
    assert says in message


@pytest.mark.parametrize(
    ("old", "new", "place", "says"),
    [
        ("zones: [eu-west-1a, eu-west-1b]", "zone: [eu-west-1a, eu-west-1b]", "plinth:network.zone", "did you mean zones?"),
        ("plinth:namespaces:", "plinth:namespace:", "plinth:namespace", "did you mean namespaces?"),
        ("database: true", "database: perhaps", "plinth:namespaces.orders.database", "allowed is true or false"),
        ("cidr: 10.16.0.0/16", "cidr: 10.16.0.0/99", "plinth:network.cidr", "10.16.0.0/99"),
        (
            "zones: [eu-west-1a, eu-west-1b]",
            "zones: [eu-west-1a, eu-west-1x]",
            "plinth:network.zones[1]",
            "eu-west-1 has no zone eu-west-1x",
        ),
        ("plinth:environment: dev", "plinth:environment: development", "plinth:environment", "'dev'"),
    ],
)
def test_a_wrong_setting_is_told_its_place_and_what_is_allowed(
    deviate: Callable[..., str], old: str, new: str, place: str, says: str
) -> None:
    message = deviate(old, new)
    (line,) = (line for line in message.splitlines() if f"{place}: " in line)
    assert says in line


def test_all_wrong_settings_are_told_at_once(tmp_path: Path, deviate: Callable[..., str]) -> None:
    path = tmp_path / "stacks" / "Pulumi.dev.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("10.16.0.0/16", "10.16.0.0/99"), encoding="utf-8")
    message = deviate("database: true", "database: perhaps")
    assert "2 problems" in message
    assert "plinth:network.cidr: " in message
    assert "plinth:namespaces.orders.database: " in message


def test_each_wrong_setting_is_told_with_file_and_line_in_the_order_of_the_file(tmp_path: Path, deviate: Callable[..., str]) -> None:
    path = tmp_path / "stacks" / "Pulumi.dev.yaml"
    written = path.read_text(encoding="utf-8").replace("10.16.0.0/16", "10.16.0.0/99").replace("    account:", "    acount:")
    path.write_text(written, encoding="utf-8")
    _, *lines = deviate("database: true", "database: perhaps").splitlines()
    numbers = {line.split(":")[1]: line for line in lines}
    told = [line.split(": ")[1] for line in lines]
    assert told == ["plinth:aws.account", "plinth:aws.acount", "plinth:network.cidr", "plinth:namespaces.orders.database"]
    for number, line in numbers.items():
        key = line.split(": ")[1].rpartition(".")[2]
        assert line.startswith(f"  stacks/Pulumi.dev.yaml:{number}:")
        # What is missing is missing in the mapping that should hold it.
        assert written.splitlines()[int(number) - 1].strip().startswith("plinth:aws:" if key == "account" else f"{key}:")


@pytest.mark.parametrize(
    ("stack", "file", "says"),
    [
        ("prod", "stacks/Pulumi.production.yaml", "did you mean 'production'?"),
        ("Production", "stacks/Pulumi.production.yaml", "did you mean 'production'?"),
        ("stacks/Pulumi.production.yaml", "stacks/Pulumi.production.yaml", "did you mean 'production'?"),
        ("dev", "stacks/Pulumi.dev.yml", "rename "),
        ("dev", "Pulumi.dev.yaml", "into stacks/"),
    ],
)
def test_a_stack_that_is_called_or_kept_otherwise_is_found_by_a_hint(
    tmp_path: Path, refused: Callable[..., str], stack: str, file: str, says: str
) -> None:
    write_project(tmp_path, "")
    (tmp_path / file).write_text(DEV, encoding="utf-8")
    message = refused(stack)
    assert message.startswith(f"unknown stack {stack!r} (")
    assert says in message


def test_what_a_user_wrote_can_neither_move_the_terminal_nor_leak(tmp_path: Path, refused: Callable[..., str]) -> None:
    write_project(tmp_path, "raise pulumi.RunError('no \\x1b[2Jhttps://me:hunter2@example.com')", dev=DEV)
    assert refused() == "no \\x1b[2Jhttps://[hidden]@example.com\n"


def test_the_name_of_a_stack_cannot_move_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, "")
    assert "\x1b" not in plinth(tmp_path, "preview", "de\x1b[2Jv", monkeypatch=monkeypatch).stderr


def test_a_credential_in_place_of_a_reference_is_not_shown(deviate: Callable[..., str]) -> None:
    key = "0123456789abcdef" * 2
    message = deviate("pagerduty: { secret: alerting, key: pagerduty-routing-key }", f"pagerduty: {key[:-1]}g", "production")
    assert "plinth:observability.routing.pagerduty: given " in message
    assert key[:8] not in message


def test_machines_are_refused_like_people(deviate: Callable[..., str]) -> None:
    assert "plinth:network.cidr: " in deviate("cidr: 10.16.0.0/16", "cidr: 10.16.0.0/99", "dev", "--json")


def test_an_encrypted_setting_is_refused_by_its_name(deviate: Callable[..., str]) -> None:
    message = deviate("plinth:team: platform_team", "plinth:team: {secure: v1:AAAA}")
    assert "plinth:team: encrypted values are not allowed" in message


def test_a_chart_that_is_not_pinned_is_refused_by_its_name(tmp_path: Path, refused: Callable[..., str]) -> None:
    program = """
from components.errors import ComponentError
from components.charts import Chart
try:
    Chart(name="nats", repository="https://charts.example.com", version="^2.0")
except ComponentError as mistake:
    raise pulumi.RunError(str(mistake)) from mistake
"""
    write_project(tmp_path, program, dev=DEV)
    assert refused() == "chart nats: version '^2.0' is not pinned; write one exact version such as 1.2.3 in components/charts.py\n"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[", "waivers.yaml:1:2: is not valid YAML"),
        ("a: b\n", "holds a mapping; allowed is a list of waivers"),
        ("- {requirement: XX-999, resource: '*', reason: r, owner: o, expires: 2027-01-31}\n", "no such requirement"),
        ("- {requirement: PG-002, resource: '*', reason: r, owner: o, expires: 2027-02-31}\n", "not a date"),
        ("- {requirement: PG-002, resource: '*', expires: 2027-01-31}\n", "owner"),
    ],
)
def test_a_wrong_file_of_waivers_is_told_before_anything_runs(tmp_path: Path, refused: Callable[..., str], content: str, says: str) -> None:
    write_project(tmp_path, "raise SystemError('this must not run')", dev=DEV)
    (tmp_path / "policies" / "waivers.yaml").write_text(content, encoding="utf-8")
    message = refused()
    assert "waivers.yaml" in message
    assert says in message


def test_a_program_that_cannot_be_what_it_means_is_told_the_resource(tmp_path: Path, refused: Callable[..., str]) -> None:
    write_project(tmp_path, "Thing('test:index:Thing', 'one')\nThing('test:index:Thing', 'one')\n", dev=DEV)
    assert "duplicate" in refused()


def test_outside_of_a_project_the_user_is_told_to_go_there(tmp_path: Path, refused: Callable[..., str]) -> None:
    message = refused()
    assert message.startswith(f"there is no Pulumi.yaml in {tmp_path} or above")


@pytest.mark.parametrize(
    "arguments",
    [["preview"], ["preview", "dev", "--jsn"], ["previe", "dev"], ["preview", "dev", "staging"], ["preview", "dev", "-s", "dev"]],
)
def test_a_wrong_command_line_is_told_how_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    result = plinth(tmp_path, *arguments, monkeypatch=monkeypatch)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage:" in result.stderr
