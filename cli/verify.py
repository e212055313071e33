"""`plinth verify`: what an account really holds, judged by the rules of the pack and compared with the program."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from cli.failures import FAILURE, VIOLATION
from cli.progress import show_progress
from cli.render import open_output, print_diagnostics
from cli.running import run_stack
from cli.verdicts import ADVICE, UNDECIDED, VERDICTS, WAIVED, Verdict, sort_out
from cli.verdicts import VIOLATION as VIOLATED
from facts.display import make_presentable
from offline.recording import Diagnostic, Run
from policies.analyzer import load_analyzer
from verification.aws.verifying import Verification, verify

SCHEMA_VERSION: Final = 1
"""Raised when a key changes its meaning or goes; new keys come without."""
_TITLES: Final = {VIOLATED: "Violations", ADVICE: "Advice", UNDECIDED: "Undecided", WAIVED: "Waived"}


def verify_stack(project_dir: Path, stack: str, *, as_json: bool, quiet: bool) -> int:
    """Read the account of ``stack`` and print the report.

    0, or the code for violations where something mandatory is violated or differs from the program, or the
    code for a failure where nothing is wrong with what could be read, but not everything could.

    Raises:
        AccountError: the credentials or the stack do not fit.
        CloudError: the cloud failed.
        MisuseError: mistakes in the settings.
    """
    with show_progress(quiet=quiet) as progress:
        config, declared = run_stack(project_dir, stack, progress, judged=False)
        found = verify(declared, load_analyzer(project_dir), config=config.values, secret_keys=config.secret_keys, progress=progress.say)
    by_verdict = sort_out(found.diagnostics)
    code = _code(found, by_verdict)
    if as_json:
        json.dump(_document(declared, found, code), sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _print(declared, found, by_verdict, code=code, quiet=quiet)
    return code


def _code(found: Verification, by_verdict: Mapping[Verdict, Sequence[Diagnostic]]) -> int:
    if by_verdict[VIOLATED] or found.drift:
        return VIOLATION
    return FAILURE if found.reading.gaps else 0


def _document(declared: Run, found: Verification, code: int) -> dict[str, Any]:
    return {
        "schemaVersion": SCHEMA_VERSION,
        "project": declared.project,
        "stack": declared.stack,
        "account": found.account.account_id,
        "region": found.account.region,
        "verdict": {0: "passes", VIOLATION: "refused", FAILURE: "incomplete"}[code],
        "lookedAt": found.reading.looked_at,
        "notes": [make_presentable(note) for note in found.notes],
        "unread": {name: make_presentable(why) for name, why in found.reading.gaps.items()},
        "resources": [
            {"arn": each.arn, "type": each.type, "inputs": each.inputs} for each in sorted(found.reading.resources, key=lambda one: one.arn)
        ],
        "diagnostics": [
            {
                **each.details,
                "requirements": each.requirements,
                "policy": each.policy,
                "level": each.level,
                "resource": each.urn,
                "message": each.message,
            }
            for each in found.diagnostics
        ],
        "drift": [
            {
                "resource": each.resource,
                "type": each.type,
                "problem": each.problem,
                "path": each.path or None,
                "declared": make_presentable(each.declared) or None,
                "live": make_presentable(each.live) or None,
                "cure": each.cure,
            }
            for each in found.drift
        ],
    }


def _print(declared: Run, found: Verification, by_verdict: Mapping[Verdict, Sequence[Diagnostic]], *, code: int, quiet: bool) -> None:
    console = open_output()
    words = {0: ("as it is to be", "green"), VIOLATION: ("not as it is to be", "red"), FAILURE: ("not all could be read", "yellow")}
    place = f" in the account {found.account.account_id}, {found.account.region}: "
    counts = ", ".join(
        [*(f"{len(by_verdict[each])} {each.counted(len(by_verdict[each]))}" for each in VERDICTS), f"{len(found.drift)} differing"]
    )
    console.print(Text.assemble((declared.project, "bold"), " stack ", (declared.stack, "bold"), place, words[code], f" ({counts})"))
    if not quiet:
        for name, count in found.reading.looked_at.items():
            console.print(Padding.indent(Text.assemble((f"{count:>4} ", "bold"), name), 2))
    for verdict, diagnostics in by_verdict.items():
        if diagnostics:
            print_diagnostics(console, verdict, diagnostics, title=_TITLES[verdict], quiet=quiet)
    _print_drift(console, found)
    if found.notes and not quiet:
        console.print()
        console.print(Text(f"Worth knowing ({len(found.notes)})", "bold"))
        for note in found.notes:
            console.print(Padding.indent(Text(make_presentable(note)), 2))
    for name, why in found.reading.gaps.items():
        console.print()
        console.print(Text.assemble((f"Not read: {name}: ", "bold yellow"), make_presentable(why)))


def _print_drift(console: Console, found: Verification) -> None:
    if not found.drift:
        return
    console.print()
    console.print(Text(f"Differs from the program ({len(found.drift)})", "bold red"))
    for each in found.drift:
        console.print(Padding.indent(Text.assemble((each.type, "cyan"), "  ", (make_presentable(each.resource), "bold")), 2))
        where = f" ({each.path} is {each.live}, declared is {each.declared})" if each.path else ""
        console.print(Padding.indent(Text(make_presentable(f"{each.problem}{where}. {each.cure}."), "red"), 4))
