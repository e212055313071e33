"""Small projects in a folder of their own, and the command run in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

import pytest
from typer.testing import CliRunner, Result

from cli.commands import app
from tests.runs import PRODUCT
from tests.tools import ROOT

THING: Final = """
import pulumi

class Thing(pulumi.CustomResource):
    def __init__(self, token, name, opts=None, **inputs):
        super().__init__(token, name, {"made": None, **inputs}, opts)

class Box(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("test:index:Box", name)
"""
"""What small programs begin with: any resource by its type token, and a component."""


DEV: Final = "config:\n  plinth:environment: dev\n"


def write_project(folder: Path, program: str, **stacks: str) -> Path:
    """A project called ``plinth`` with this program and, by name, these stack files."""
    (folder / "stacks").mkdir()
    (folder / "policies").mkdir()
    (folder / "Pulumi.yaml").write_text("name: plinth\nruntime: python\nstackConfigDir: stacks\n", encoding="utf-8")
    (folder / "__main__.py").write_text(THING + program, encoding="utf-8")
    (folder / "policies" / "waivers.yaml").write_text("[]\n", encoding="utf-8")
    for name, content in stacks.items():
        (folder / "stacks" / f"Pulumi.{name}.yaml").write_text(content, encoding="utf-8")
    return folder


def copy_project(folder: Path) -> Path:
    """The program of the repository with the stack files of the product's tests, and no waivers."""
    (folder / "stacks").mkdir()
    (folder / "policies").mkdir()
    for path in (ROOT / "Pulumi.yaml", ROOT / "__main__.py"):
        shutil.copy(path, folder)
    for path in PRODUCT.glob("Pulumi.*.yaml"):
        shutil.copy(path, folder / "stacks")
    (folder / "policies" / "waivers.yaml").write_text("[]\n", encoding="utf-8")
    return folder


def content_of(folder: Path) -> Mapping[str, bytes]:
    """Every file below ``folder`` with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def plinth(folder: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch, given: str = "") -> Result:
    """Run the command in ``folder`` and answer it with ``given``; what a bug of the command raises comes through."""
    monkeypatch.chdir(folder)
    return CliRunner().invoke(app, arguments, input=given, catch_exceptions=False)


def start(*arguments: str, cwd: Path, stdout: int | IO[str] = subprocess.PIPE, **environment: str) -> subprocess.Popen[str]:
    """The command as a process of its own."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.Popen(  # noqa: S603 # this project's own command
        [sys.executable, "-m", "cli", *arguments], cwd=cwd, env=variables, stdout=stdout, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """What the process had to say."""
    stdout, stderr = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)
