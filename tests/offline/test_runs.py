from __future__ import annotations

import asyncio
import contextvars
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pulumi
import pytest

from offline.engine import Run, run_program
from offline.errors import ProgramError
from tests.offline.programs import Group, Topic

Preview = Callable[..., Run]


class Mishap(Exception):  # noqa: N818 # a program's own
    """Something that only the program knows."""


@pytest.fixture(autouse=True)
def nothing_leaks() -> Iterator[None]:
    """After each run all is as before."""
    before = (Path.cwd(), list(sys.path), dict(contextvars.copy_context().items()))
    yield
    assert (Path.cwd(), list(sys.path)) == before[:2]
    assert pulumi.runtime.settings.get_stack() != "dev"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()


def test_a_second_run_knows_nothing_of_the_first(preview: Preview) -> None:
    def program() -> None:
        Group("group", build=lambda _: Topic("topic"))
        pulumi.export("size", pulumi.Config().get("size") or "none")

    first = preview(program, config={"plinth:size": "1"})
    second = preview(program, stack="staging")
    assert first.outputs == {"size": "1"}
    assert second.outputs == {"size": "none"}
    assert len(first.resources) == len(second.resources)
    assert {each.urn.split("::")[0] for each in second.resources} == {"urn:pulumi:staging"}


def test_a_run_after_a_failed_one_is_clean(preview: Preview) -> None:
    def failing() -> None:
        Topic("topic")
        raise Mishap

    with pytest.raises(Mishap):
        preview(failing)
    assert [each.name for each in preview(lambda: Topic("other")).resources if each.name in {"topic", "other"}] == ["other"]


def test_two_runs_of_one_program_are_the_same(preview: Preview) -> None:
    def program() -> None:
        topics = [Topic(f"topic-{index}") for index in range(5)]
        Topic("last", {"name": pulumi.Output.all(*(topic.arn for topic in topics)).apply(lambda arns: arns[0])})

    first, second = preview(program), preview(program)
    assert [(each.urn, each.inputs, each.dependencies) for each in first.resources] == [
        (each.urn, each.inputs, each.dependencies) for each in second.resources
    ]


def test_the_programs_own_exception_comes_out_as_itself(preview: Preview) -> None:
    def program() -> None:
        raise Mishap("the answer is 41")

    with pytest.raises(Mishap, match="the answer is 41"):
        preview(program)


def test_an_exception_within_apply_comes_out_as_itself(preview: Preview) -> None:
    def stumble(_: str) -> str:
        raise Mishap("within apply")

    with pytest.raises(Mishap, match="within apply"):
        preview(lambda: Topic("topic", {"name": pulumi.Output.from_input("x").apply(stumble)}))


def test_an_exception_within_an_apply_that_nobody_uses_comes_out_too(preview: Preview) -> None:
    def stumble(_: str) -> str:
        raise Mishap("unused")

    with pytest.raises(Mishap, match="unused"):
        preview(lambda: pulumi.Output.from_input("x").apply(stumble))


def test_an_interrupt_is_not_swallowed(preview: Preview) -> None:
    def program() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preview(program)


def test_progress_is_told_of_each_resource() -> None:
    seen: list[str] = []
    run_program(lambda: Group("a", build=lambda _: Topic("b")) and None, stack="test", progress=lambda resource: seen.append(resource.name))
    assert seen == ["plinth-test", "a", "b"]


def test_a_file_runs_in_its_folder_with_its_own_modules(tmp_path: Path) -> None:
    for name, value in (("one", 1), ("two", 2)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "sizes_of_this_project.py").write_text(f"SIZE = {value}\n")
        (folder / "__main__.py").write_text(
            "import os, pulumi, sizes_of_this_project\n"
            "pulumi.export('size', sizes_of_this_project.SIZE)\n"
            "pulumi.export('folder', os.path.basename(os.getcwd()))\n"
            "pulumi.export('name', __name__)\n"
        )
        run = run_program(folder / "__main__.py", stack="test")
        assert run.outputs == {"size": value, "folder": name, "name": "__main__"}


@pytest.mark.parametrize("leaving", ["raise SystemExit", "import sys; sys.exit(0)"])
def test_a_file_may_leave_early(tmp_path: Path, leaving: str) -> None:
    (tmp_path / "__main__.py").write_text(f"import pulumi\npulumi.export('a', 1)\n{leaving}\npulumi.export('b', 2)\n")
    assert run_program(tmp_path / "__main__.py", stack="test").outputs == {"a": 1}


def test_a_file_that_leaves_with_an_exit_code_fails(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("import sys\nsys.exit(3)\n")
    with pytest.raises(ProgramError, match="the program left with the exit code 3"):
        run_program(tmp_path / "__main__.py", stack="test")


def test_a_file_with_a_mistake_fails_with_the_mistake(tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text("raise LookupError('here')\n")
    with pytest.raises(LookupError, match="here"):
        run_program(tmp_path / "__main__.py", stack="test")
