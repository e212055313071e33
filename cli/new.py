"""`plinth new`: a commented stack file from a few answers, which previews clean at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import typer

from cli.failures import MisuseError
from facts.tiers import Tier
from offline.errors import OfflineError
from offline.stackfile import place_stack_file
from stacks.errors import PlinthError, SettingsError
from stacks.settings.places import PLACES
from stacks.starting.files import render_stack, write_stack
from stacks.starting.questions import QUESTIONS, Question


def create_stack(project_dir: Path, stack: str, *, place: str, tier: str, answers: Mapping[str, str | None]) -> None:
    """Ask for what ``answers`` lacks, where somebody is there to ask, and write the file of ``stack``.

    Raises:
        MisuseError: a name, place, tier or answer that is not possible, or answers that are missing and nobody to ask.
    """
    mistakes = list(_mistakes(place, tier, answers))
    try:
        path = place_stack_file(project_dir, stack)
    except OfflineError as error:
        mistakes.append(str(error))
    if mistakes:
        raise MisuseError("\n  ".join(mistakes))
    complete = _complete([question for question in QUESTIONS[place] if tier in question.tiers], answers)
    try:
        text = render_stack(place, Tier(tier), complete, sorted(path.parent.glob("Pulumi.*.yaml")))
        write_stack(path, text)
    except SettingsError as error:
        lines = (f"  {problem}" for problem in error.problems)
        raise MisuseError("\n".join(["nothing was written, for these answers do not make a stack:", *lines])) from error
    except PlinthError as error:
        raise MisuseError(str(error)) from error
    here = Path.cwd()
    typer.echo(f"Wrote {path.relative_to(here) if path.is_relative_to(here) else path}: read its comments, then see what it makes:")
    typer.echo(f"  make preview STACK={stack}")


def _mistakes(place: str, tier: str, answers: Mapping[str, str | None]) -> Iterator[str]:
    if place not in PLACES:
        yield f"--on {place!r} is not a place to stand on; allowed are {', '.join(PLACES)}"
    if tier not in {each.value for each in Tier}:
        yield f"--tier {tier!r} is not a tier; allowed are {', '.join(each.value for each in Tier)}"
    if place in PLACES:
        asked = {question.name for question in QUESTIONS[place]}
        for name in sorted(name for name, answer in answers.items() if answer is not None and name not in asked):
            where = " and ".join(other for other, questions in QUESTIONS.items() if name in {each.name for each in questions})
            yield f"--{name} says nothing about a stack on {place}; it belongs to {where}"


def _complete(questions: Sequence[Question], answers: Mapping[str, str | None]) -> dict[str, str]:
    missing = [question for question in questions if answers.get(question.name) is None]
    if missing and not sys.stdin.isatty():
        lines = [f"  --{question.name}  {question.text}, such as {question.example}" for question in missing]
        raise MisuseError("\n".join(["nobody is there to be asked; give these options too:", *lines]))
    try:
        asked = {question.name: typer.prompt(f"{question.text}\n  such as {question.example}\n", err=True) for question in missing}
    except typer.Abort as error:
        raise MisuseError("nothing was written: an answer is missing") from error
    complete = {question.name: asked.get(question.name) or answers[question.name] or "" for question in questions}
    if unprintable := [name for name, answer in complete.items() if not answer.isprintable()]:
        raise MisuseError("\n  ".join(f"--{name} holds a character that cannot be printed; write it anew" for name in unprintable))
    return complete
