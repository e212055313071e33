"""A real PostgreSQL and a real PgBouncer on the loopback interface, of the distribution's packages."""

from __future__ import annotations

import atexit
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

import psycopg

from rehearsal.ports import free_ports
from tests.tools import tool

SUPERUSER: Final = "postgres"
PATIENCE_SECONDS: Final = 180
"""For what takes a few: on a busy machine servers are slow, not wrong. No test needs them all to pass."""
# Neither server starts as root.
_ACCOUNTS: Final = ("postgres", "nobody")


class ServerError(AssertionError):
    """A server that did not start; the message is what it wrote."""


@contextmanager
def server_directory() -> Iterator[Path]:
    """A directory that the servers own, whoever runs the tests."""
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def hand_over(path: Path) -> None:
    """Let the servers own what is below ``path``."""
    account = _account()
    if account is not None:
        for each in (path, *path.rglob("*")):
            os.chown(each, account.pw_uid, account.pw_gid)


def run(program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program of the servers' to its end; a failure is an error with what it said."""
    command = [tool(program), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **_as_account())  # noqa: S603 # our own arguments
    if done.returncode:
        raise ServerError(f"{program}: {done.stdout}{done.stderr}")
    return done


class LocalPostgres(AbstractContextManager["LocalPostgres"]):
    """One instance in ``directory``; ``rules`` are the lines of pg_hba.conf, ``mapped`` those of pg_ident.conf.

    Its superuser comes in through the socket alone.
    """

    def __init__(
        self, directory: Path, parameters: Mapping[str, str], rules: Sequence[str], *, mapped: Sequence[str] = (), new: bool = True
    ) -> None:
        self.directory = directory
        self.data = directory / "data"
        (self.port,) = free_ports(1)
        self._process: subprocess.Popen[bytes] | None = None
        if new:
            shutil.copytree(_empty_database(), self.data)
            hand_over(directory)
        own = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(directory)}
        lines = [f"{name} = '{value}'" for name, value in {**parameters, **own}.items()]
        (self.data / "postgresql.conf").write_text("\n".join(lines) + "\n")
        (self.data / "pg_hba.conf").write_text("\n".join([f"local all {SUPERUSER} trust", *rules]) + "\n")
        (self.data / "pg_ident.conf").write_text("\n".join(mapped) + "\n")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it lets the superuser in and writes.

        Raises:
            ServerError: it refuses its configuration.
        """
        log = self.directory / "postgres.log"
        with log.open("ab") as output:
            command = [tool("postgres"), "-D", str(self.data)]
            self._process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", **_as_account())  # noqa: S603 # our own files
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise ServerError(log.read_text())
            try:
                if not self.ask("SELECT pg_is_in_recovery()")[0][0]:
                    return
            except psycopg.OperationalError:
                pass
            time.sleep(0.05)
        raise ServerError(f"not up after {PATIENCE_SECONDS} seconds: {log.read_text()}")

    def stop(self) -> None:
        """Stop it as a switchover does: whoever is connected is cut off."""
        if self._process is not None and self._process.poll() is None:
            run("pg_ctl", "stop", "--pgdata", self.data, "--mode", "fast", "--timeout", str(PATIENCE_SECONDS))
            self._process.wait()

    def ask(self, statement: str, database: str = SUPERUSER) -> list[tuple[Any, ...]]:
        """The rows of a statement of the superuser's."""
        with psycopg.connect(host=str(self.directory), port=self.port, user=SUPERUSER, dbname=database, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


class LocalPooler(AbstractContextManager["LocalPooler"]):
    """A PgBouncer with the lines of its configuration file and its rules."""

    def __init__(self, directory: Path, databases: str, parameters: Mapping[str, str], rules: Sequence[str]) -> None:
        self.directory = directory
        (self.port,) = free_ports(1)
        own = {
            "listen_addr": "127.0.0.1",
            "listen_port": str(self.port),
            "unix_socket_dir": str(directory),
            "auth_hba_file": str(directory / "pooler_hba.conf"),
            "admin_users": "pgbouncer",
        }
        lines = ["[databases]", databases, "[pgbouncer]", *(f"{name} = {value}" for name, value in {**parameters, **own}.items())]
        self._file = directory / "pgbouncer.ini"
        self._file.write_text("\n".join(lines) + "\n")
        # The operator's own rule, for its commands.
        (directory / "pooler_hba.conf").write_text("\n".join(["local pgbouncer pgbouncer trust", *rules]) + "\n")
        self._log = directory / "pgbouncer.log"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with self._log.open("ab") as output:
            command = [tool("pgbouncer"), str(self._file)]
            self._process = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", **_as_account())  # noqa: S603 # our own files
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                raise ServerError(self._log.read_text())
            try:
                self.command("SHOW VERSION")
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return self
        raise ServerError(f"not up after {PATIENCE_SECONDS} seconds: {self._log.read_text()}")

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def command(self, command: str) -> list[tuple[Any, ...]]:
        """What the administrator's console answers."""
        with (
            psycopg.connect(host=str(self.directory), port=self.port, user="pgbouncer", dbname="pgbouncer", autocommit=True) as connection,
            psycopg.ClientCursor(connection) as cursor,
        ):
            cursor.execute(command.encode())
            return cursor.fetchall() if cursor.description else []

    @property
    def log(self) -> str:
        """What it has written."""
        return self._log.read_text()


def version_of(program: str) -> tuple[int, ...]:
    """The version of ``postgres`` or ``pgbouncer``."""
    said = subprocess.run([tool(program), "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 # our own arguments
    found = re.search(r"\d+(\.\d+)*", said)
    assert found
    return tuple(map(int, found[0].split(".")))


@cache
def _empty_database() -> Path:
    """What initdb makes, once: each instance begins with a copy."""
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    hand_over(directory)
    run("initdb", "--pgdata", directory / "data", "--username", SUPERUSER, "--auth", "trust", "--no-sync")
    return directory / "data"


def _account() -> pwd.struct_passwd | None:
    """Whose the servers are; None where they are those of whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    known = {each.pw_name: each for each in pwd.getpwall()}
    return next(known[name] for name in _ACCOUNTS if name in known)


def _as_account() -> dict[str, Any]:
    account = _account()
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
