"""The report of a rehearsal for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from cli.render import open_output
from facts.display import make_presentable
from rehearsal.report import Loss, Refusal, Report, Trouble


def render_report(report: Report) -> None:
    """Print a report on standard output: what comes of it, then everything that was found, the gravest first."""
    console = open_output()
    word = ("passes", "green") if report.passes else ("fails", "red")
    spread = ", ".join(f"{count} in {zone}" for zone, count in report.nodes.items())
    other = "" if report.kubernetes.startswith(f"v{report.release}.") else f", while the stack's release is {report.release}"
    console.print(Text.assemble("Rehearsal of ", (report.stack, "bold"), f" on Kubernetes {report.kubernetes}{other}: ", word))
    console.print(Text(f"{report.objects} objects applied, {report.pods} pods ready, nodes: {spread or 'none'}{_grown(report.grown)}"))
    _print_refusals(console, "Refused by the API server", report.refused, "red")
    _print_troubles(console, "Without their pods", report.unplaced, "red")
    _print_troubles(console, "Claims without a volume", report.claims, "red")
    if report.loss is not None:
        _print_loss(console, report.loss)
    _print_troubles(console, "Budgets that no drain can keep", report.blocking, "yellow")
    _print_refusals(console, "Taken with a warning", report.warnings, "yellow")
    _print_refusals(console, "Not rehearsed", report.not_rehearsed, "blue")


def _print_loss(console: Console, loss: Loss) -> None:
    console.print()
    console.print(Text.assemble(f"With the {loss.taken} ", (loss.name, "bold"), f" away{_grown(loss.grown)}"))
    _print_troubles(console, "Lost their quorum", loss.without_quorum, "red")
    _print_troubles(console, "Stay without some of their pods until it is back", loss.pending, "yellow")
    _print_troubles(console, "Budgets that are not kept until it is back", loss.budgets, "yellow")
    if not (loss.without_quorum or loss.pending):
        console.print(Padding.indent(Text("Everything runs elsewhere.", "green"), 2))


def _grown(grown: Mapping[str, int]) -> str:
    added = ", ".join(f"{count} of {pool}" for pool, count in grown.items())
    return f"; nodes added, as the autoscaler would: {added}" if added else ""


def _print_refusals(console: Console, title: str, refusals: Sequence[Refusal], style: str) -> None:
    _print_lines(console, title, [(f"{_place(each)} ({each.origin})", each.message) for each in refusals], style)


def _print_troubles(console: Console, title: str, troubles: Sequence[Trouble], style: str) -> None:
    _print_lines(console, title, [(_place(each), each.message) for each in troubles], style)


def _place(each: Refusal | Trouble) -> str:
    return f"{each.kind} {each.namespace}/{each.name}" if each.namespace else f"{each.kind} {each.name}"


def _print_lines(console: Console, title: str, lines: Sequence[tuple[str, str]], style: str) -> None:
    if not lines:
        return
    console.print()
    console.print(Text(f"{title} ({len(lines)})", f"bold {style}"))
    for subject, message in lines:
        console.print(Padding.indent(Text(make_presentable(subject), "bold"), 2))
        console.print(Padding.indent(Text(make_presentable(message), style), 4))
