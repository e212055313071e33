"""`plinth bootstrap`: says what an account lacks before the first stack, asks, and makes it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final, Protocol

from rich.padding import Padding
from rich.text import Text

from accounts.steps import Action, Failures, Step, Thing, apply, plan
from cli.failures import MisuseError
from cli.render import open_output
from facts.display import make_presentable

_STYLES: Final = {Action.CREATE: "green", Action.CHANGE: "yellow", Action.KEEP: "dim"}
_DONE: Final = {Action.CREATE: "created", Action.CHANGE: "changed"}


class Bootstrap(Protocol):
    """What stands in an account of some cloud."""

    @property
    def things(self) -> Sequence[Thing]:
        """Everything, in the order in which one needs another."""

    @property
    def next_steps(self) -> Sequence[tuple[str, Sequence[str]]]:
        """What to do with it: a heading, and lines to copy."""


def bootstrap_account(bootstrap: Bootstrap, failures: Failures, *, yes: bool, dry_run: bool) -> None:
    """Show the plan, ask unless it is agreed to already, and carry it out; nothing is asked or done where nothing is to do.

    Raises:
        AccountError: a right is missing; what was done before is said.
        CloudError: the cloud failed.
        MisuseError: there is nobody to ask.
    """
    output = open_output()
    steps = plan(bootstrap.things, failures)
    _print_plan(steps)
    wanted = [step for step in steps if step.action is not Action.KEEP]
    if dry_run:
        return
    if wanted:
        if not (yes or _agreed()):
            output.print("Nothing was changed.")
            return
        output.print()
        _carry_out(wanted, failures)
    with failures():
        next_steps = bootstrap.next_steps
    _print_next_steps(next_steps)


def _carry_out(steps: Sequence[Step], failures: Failures) -> None:
    output, done = open_output(), 0
    try:
        for step in apply(steps, failures):
            output.print(Text.assemble(_DONE[step.action], " ", _named(step.thing)))
            done += 1
    finally:
        if done < len(steps):
            output.print(
                Text(f"Stopped after {done} of {len(steps)} steps: what is done stays, and the next run goes on from there.", "red")
            )


def _print_plan(steps: Sequence[Step]) -> None:
    output = open_output()
    for step in steps:
        output.print(Text.assemble((f"{step.action:<7}", _STYLES[step.action]), _named(step.thing)))
        for detail in step.details:
            output.print(Padding.indent(Text(make_presentable(detail), "dim"), 11))
    counts = {action: sum(step.action is action for step in steps) for action in Action}
    if counts[Action.KEEP] == len(steps):
        output.print(Text("\nNothing to do: everything is as it is to be.", "green"))
    else:
        output.print(
            Text(f"\n{counts[Action.CREATE]} to create, {counts[Action.CHANGE]} to change, {counts[Action.KEEP]} to keep.", "bold")
        )


def _named(thing: Thing) -> Text:
    return Text.assemble((thing.kind, "cyan"), "  ", (make_presentable(thing.name), "bold"))


def _agreed() -> bool:
    """Whether the person at the terminal says yes.

    Raises:
        MisuseError: there is nobody to ask.
    """
    if not _can_be_asked():
        raise MisuseError("nobody can be asked here; read the plan above, and run it again with --yes")
    open_output().print(Text("Do this? [y/N] "), end="")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _can_be_asked() -> bool:
    return sys.stdin.isatty()


def _print_next_steps(next_steps: Sequence[tuple[str, Sequence[str]]]) -> None:
    output = open_output()
    for heading, lines in next_steps:
        output.print()
        output.print(Text(heading))
        for line in lines:
            # Never folded: it is to be copied.
            output.print(Padding.indent(Text(line, "bold"), 2), soft_wrap=True)
