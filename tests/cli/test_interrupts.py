"""Ctrl-C ends the command at once, with 130 and without a word, whatever it does just then."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.projects import DEV, write_project
from tests.tools import ROOT

ENDLESS = "for number in range(1_000_000):\n    Thing('test:index:Thing', f'thing-{number}')\n"
COMMAND = (
    "from cli.interrupts import leave_on_interrupt; leave_on_interrupt(); print('ready', flush=True); from cli.main import main; main()"
)
AT_ONCE_SECONDS = 2.0


def begin(folder: Path) -> subprocess.Popen[str]:
    """A preview that would take minutes; its first line says that it can be interrupted."""
    process = subprocess.Popen(  # noqa: S603 # this project's own command
        [sys.executable, "-c", COMMAND, "preview", "dev"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.2, 0.4, 0.8, 1.6, 3.2])
def test_an_interrupt_ends_the_command_at_once_whatever_it_does(tmp_path: Path, moment: float) -> None:
    write_project(tmp_path, ENDLESS, dev=DEV)
    with begin(tmp_path) as process:
        time.sleep(moment)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        _, said = process.communicate(timeout=60)
        took = time.monotonic() - sent
    assert process.returncode == 130
    assert took < AT_ONCE_SECONDS
    assert all(line.endswith("…") for line in said.splitlines())


def test_an_interrupt_is_not_swallowed_by_the_program(tmp_path: Path) -> None:
    careless = "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass\n"
    write_project(tmp_path, careless, dev=DEV)
    with begin(tmp_path) as process:
        assert process.stderr is not None
        while "Running" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
