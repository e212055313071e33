"""A run for people: what comes of it, the resource tree, what the pack says, and how to go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from cli.verdicts import Summary, Verdict
from facts.display import make_presentable
from offline.recording import Diagnostic, RecordedResource, Run

_ENDLESS: Final = 100_000
"""Columns where no terminal limits them: in a file or a pipe a line is as long as what it says."""

_WORDS: Final[Mapping[str, str]] = {
    "protect": "protected",
    "retain_on_delete": "kept on delete",
    "delete_before_replace": "deleted before replaced",
    "import": "imported",
}
"""Options that change what happens to a resource, with the word for it."""


class _Output(Console):
    """Standard output; what becomes of a reader that went away is not for the library to decide, which exits with 1."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def open_output() -> Console:
    """Standard output as a console."""
    console = _Output(highlight=False)
    return console if console.is_terminal else _Output(highlight=False, width=_ENDLESS)


def render_run(run: Run, summary: Summary, *, quiet: bool) -> None:
    """Print the report of a run on standard output: what comes of it, first and last, between them the tree and what the pack says.

    Where it is to be ``quiet``, the tree is left out, and what only tells how to go on.
    """
    console = open_output()
    title = _title(run, summary)
    console.print(title if quiet else _tree(run, title))
    for verdict, diagnostics in summary.by_verdict.items():
        if diagnostics:
            print_diagnostics(console, verdict, diagnostics, title=verdict.title, quiet=quiet)
    _print_log(console, run)
    if not quiet:
        console.print()
        _print_end(console, run, summary)


def _title(run: Run, summary: Summary) -> Text:
    word = ("passes", "green") if summary.passes else ("refused", "red")
    return Text.assemble((run.project, "bold"), " stack ", (run.stack, "bold"), ": ", word, f" ({summary.counts})")


# -- the tree -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Forest:
    """The resources by parent, and the packages of which there is more than one provider: there, which one is used matters."""

    children: Mapping[str, Sequence[RecordedResource]]
    contested: frozenset[str]

    def grow(self, branch: Tree, parent: str) -> None:
        for resource in _in_order(self.children.get(parent, ())):
            self.grow(branch.add(_line(resource, self.contested)), resource.urn)


def _tree(run: Run, title: Text) -> Tree:
    children: dict[str, list[RecordedResource]] = {}
    for resource in run.resources:
        children.setdefault(resource.parent, []).append(resource)
    providers = [resource.type for resource in run.resources if resource.type.startswith("pulumi:providers:")]
    contested = frozenset(token.rpartition(":")[2] for token in providers if providers.count(token) > 1)
    tree = Tree(title, guide_style="dim")
    forest = _Forest(children, contested)
    # The stack is the root that stands there already; a program that fails early has none.
    for root in children.get("", ()):
        forest.grow(tree, root.urn)
    return tree


def _in_order(resources: Sequence[RecordedResource]) -> Sequence[RecordedResource]:
    """By type, then by name: the order of registration is that of an event loop, and differs from run to run."""
    return sorted(resources, key=lambda resource: (resource.type, resource.name))


def _line(resource: RecordedResource, contested: frozenset[str]) -> Text:
    name = make_presentable(resource.name)
    line = Text.assemble((make_presentable(resource.type), "cyan"), "  ", name if resource.custom else (name, "bold"))
    options = _options(resource, contested)
    if options:
        line.append(f"  ({'; '.join(options)})", "yellow")
    return line


def _options(resource: RecordedResource, contested: frozenset[str]) -> list[str]:
    options: Mapping[str, Any] = resource.options
    said = [word for option, word in _WORDS.items() if options.get(option)]
    if options.get("ignore_changes"):
        said.append(f"ignores changes of {', '.join(options['ignore_changes'])}")
    if options.get("deleted_with"):
        said.append(f"goes with {_place(options['deleted_with'])[1]}")
    if resource.read:
        said.append("looked up")
    if resource.custom and resource.type.split(":")[0] in contested:
        said.append(f"through provider {_place(resource.options.get('provider', ''))[1] or 'default'}")
    return said


# -- what the pack says ---------------------------------------------------------------------------------------------------------


def print_diagnostics(console: Console, verdict: Verdict, diagnostics: Sequence[Diagnostic], *, title: str, quiet: bool) -> None:
    """Print what the pack says with one verdict, by resource; with the waivers to paste, unless it is to be ``quiet``."""
    console.print()
    console.print(Text(f"{title} ({len(diagnostics)})", f"bold {verdict.style}"))
    for urn, about in groupby(diagnostics, key=lambda one: one.urn):
        token, name = _place(urn)
        console.print(Padding.indent(Text.assemble((token, "cyan"), "  ", (make_presentable(name), "bold")), 2))
        for one in about:
            console.print(Padding.indent(Text(make_presentable(one.message), verdict.style), 4))
            if verdict.stops and not quiet and one.details.get("suggestedWaiver"):
                _print_waiver(console, one.details["suggestedWaiver"])


def _print_waiver(console: Console, entries: str) -> None:
    console.print(Padding.indent(Text("Or let somebody answer for it until a day, in policies/waivers.yaml:", "dim"), 4))
    # From the first column and never folded: what is copied from here has to be YAML there.
    console.print(Text(entries.rstrip()), style="dim", soft_wrap=True)


def _place(urn: str) -> tuple[str, str]:
    """The type and name in a URN, which all that the URNs of a run share are not worth repeating."""
    parts = urn.split("::", 3)
    return (parts[2].rpartition("$")[2], parts[3]) if len(parts) == 4 else ("", urn)  # noqa: PLR2004 # stack, project, types, name


def _print_log(console: Console, run: Run) -> None:
    if run.log:
        console.print()
        console.print(Text(f"The program said ({len(run.log)})", "bold"))
    for entry in run.log:
        console.print(Padding.indent(Text(f"{entry.severity}: {make_presentable(entry.message)}"), 2))


# -- the end --------------------------------------------------------------------------------------------------------------------


def _print_end(console: Console, run: Run, summary: Summary) -> None:
    console.print(Text.assemble((f"{summary.resources} resources", "bold"), f" in {summary.components} components"))
    console.print(Text(summary.counts, "bold"))
    console.print(Text.assemble("Every input and dependency, for machines: ", (f"plinth preview {run.stack} --json", "bold")))
    console.print()
    if not summary.passes:
        refused = Text("The update would be refused.", "red")
        refused.append(" Cure each violation where its message says, or let somebody answer for it until a day.", "")
        console.print(refused)
        return
    console.print(
        Text.assemble(("The pack lets this update pass.", "green"), " To go on, with the Pulumi CLI and the cloud's credentials:")
    )
    for command in ("pulumi login", f"pulumi stack select --create {run.stack}", f"make up STACK={run.stack}"):
        console.print(Padding.indent(Text(command, "bold"), 2))
