"""A real PgBouncer with our settings lets in who has a certificate, and spares clients a restart of the server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self

import psycopg
import pytest

from components.database.cloudnativepg.cluster import cluster
from components.database.cloudnativepg.parameters import parameters
from components.database.cloudnativepg.poolers import pooler
from tests.certificates import Authority
from tests.components.database.cloudnativepg.examples import ARGS, ORDERS
from tests.components.database.servers import PATIENCE_SECONDS, LocalPooler, LocalPostgres, hand_over, server_directory, version_of

pytestmark = pytest.mark.server

OPERATORS_USER: Final = "cnpg_pooler_pgbouncer"
LATER: Final[Mapping[str, tuple[int, int]]] = {"max_prepared_statements": (1, 21), "auth_dbname": (1, 19)}
"""Settings that PgBouncer has only from a release on: left out by name before it."""
OPERATORS: Final[Mapping[str, str]] = {
    "auth_type": "hba",
    "auth_user": OPERATORS_USER,
    "auth_dbname": "postgres",
    "auth_query": "SELECT usename, passwd FROM public.user_search($1)",
    "server_tls_sslmode": "verify-ca",
    "ignore_startup_parameters": "extra_float_digits,options",
}
"""What the operator adds to our parameters (pkg/management/pgbouncer/config of v1.30.0)."""
CLIENTS: Final = 6
NAME: Final = ARGS.settings.name


class Surroundings:
    """An instance and its pooler, with the certificates of both, of a client and of a stranger."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self.directory = directory
        clients, instances = directory / "clients", directory / "instances"
        for each in (clients, instances, directory / "server", directory / "pooler"):
            each.mkdir()
        self.authority, inner = Authority(clients), Authority(instances)
        self.client, self.stranger = (self.authority.issue(user, user=user) for user in (ORDERS.user, "somebody"))
        front, back, own = self.authority.issue("localhost"), inner.issue("localhost"), inner.issue("pooler", user=OPERATORS_USER)
        hand_over(directory)
        spec = dict(cluster(ARGS).spec)["postgresql"]
        tls = {"ssl": "on", "ssl_cert_file": back[0], "ssl_key_file": back[1], "ssl_ca_file": inner.certificate}
        self.server = stack.enter_context(
            LocalPostgres(
                directory / "server",
                {
                    **parameters(ARGS),
                    "shared_buffers": "32MB",
                    "shared_preload_libraries": "pg_stat_statements",
                    **{name: str(value) for name, value in tls.items()},
                },
                # The operator's own rules come first.
                [f"hostssl all {OPERATORS_USER} all cert map=operators", *spec["pg_hba"]],
                mapped=[f"operators {OPERATORS_USER} {OPERATORS_USER}", *spec["pg_ident"]],
            )
        )
        self._furnish()
        wanted = dict(pooler("rw", ARGS).spec)["pgbouncer"]
        files = {
            "client_tls_cert_file": front[0],
            "client_tls_key_file": front[1],
            "client_tls_ca_file": self.authority.certificate,
            "server_tls_cert_file": own[0],
            "server_tls_key_file": own[1],
            "server_tls_ca_file": inner.certificate,
        }
        version = version_of("pgbouncer")
        paths = {name: str(file) for name, file in files.items()}
        written = {"pool_mode": wanted["poolMode"], **OPERATORS, **wanted["parameters"], **paths}
        self.settings = {name: value for name, value in written.items() if version >= LATER.get(name, (0, 0))}
        self.pooler = stack.enter_context(
            LocalPooler(directory / "pooler", f"* = host=127.0.0.1 port={self.server.port}", self.settings, wanted["pg_hba"])
        )

    def _furnish(self) -> None:
        """What the operator makes: the user of its own, the function that it asks, role and database."""
        ask = self.server.ask
        ask(f"CREATE ROLE {OPERATORS_USER} LOGIN")
        ask(f"CREATE ROLE {ORDERS.user} LOGIN")
        ask(f"CREATE DATABASE {NAME}")
        function = "SELECT usename::text, passwd::text FROM pg_catalog.pg_shadow WHERE usename = $1"
        for database in ("postgres", NAME):
            ask(
                "CREATE FUNCTION public.user_search(uname text) RETURNS TABLE (usename text, passwd text) "
                f"LANGUAGE sql SECURITY DEFINER AS '{function}'",
                database,
            )
            ask("REVOKE ALL ON FUNCTION public.user_search(text) FROM public", database)
            ask(f"GRANT EXECUTE ON FUNCTION public.user_search(text) TO {OPERATORS_USER}", database)
        ask("CREATE TABLE written (id text PRIMARY KEY)", NAME)
        ask(f"GRANT ALL ON written TO {ORDERS.user}", NAME)

    def connect(self, certificate: tuple[Path, Path] | None, *, user: str = ORDERS.user, **options: Any) -> psycopg.Connection[Any]:
        """A connection of a client to the pooler."""
        own: dict[str, Any] = {"sslcert": str(certificate[0]), "sslkey": str(certificate[1])} if certificate else {}
        return psycopg.connect(
            host="127.0.0.1",
            port=self.pooler.port,
            user=user,
            dbname=NAME,
            autocommit=True,
            # The driver's own prepared statements need a release that has max_prepared_statements.
            prepare_threshold=None,
            **{"sslmode": "verify-ca", "sslrootcert": str(self.authority.certificate), **own, **options},
        )

    @property
    def written(self) -> set[str]:
        """What is in the table."""
        return {row[0] for row in self.server.ask("SELECT id FROM written", NAME)}


@pytest.fixture(scope="module")
def around() -> Iterator[Surroundings]:
    with server_directory() as directory, ExitStack() as stack:
        yield Surroundings(directory, stack)


class Load:
    """Clients that write one row a transaction, each with one connection for as long as it lasts."""

    def __init__(self, around: Surroundings, name: str) -> None:
        self.confirmed: set[str] = set()
        self.errors: list[str] = []
        self._around = around
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(f"{name}-{number}",)) for number in range(CLIENTS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        self.go_on()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def go_on(self) -> None:
        """Wait until every client has written more."""
        before, until = len(self.confirmed), time.monotonic() + PATIENCE_SECONDS
        while len(self.confirmed) < before + 20 * CLIENTS:
            assert time.monotonic() < until, f"the clients do not get on: {self.errors}"
            time.sleep(0.01)

    def _write(self, name: str) -> None:
        number, connection = 0, self._around.connect(self._around.client)
        while not self._over.is_set():
            number += 1
            row = f"{name}-{number}"
            try:
                connection.execute("INSERT INTO written VALUES (%s)", [row])
            except psycopg.OperationalError as error:
                self.errors.append(str(error))
                connection = self._again()
            else:
                self.confirmed.add(row)
        connection.close()

    def _again(self) -> psycopg.Connection[Any]:
        while True:
            try:
                return self._around.connect(self._around.client)
            except psycopg.OperationalError:
                time.sleep(0.1)


def test_the_pooler_takes_every_setting(around: Surroundings) -> None:
    config = {row[0]: row[1] for row in around.pooler.command("SHOW CONFIG")}
    assert {name: config.get(name) for name in around.settings} == around.settings
    assert "unknown parameter" not in around.pooler.log


def test_a_client_signs_in_by_its_certificate_and_as_itself_alone(around: Surroundings) -> None:
    with around.connect(around.client) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (ORDERS.user,)
    with pytest.raises(psycopg.OperationalError):
        around.connect(around.stranger)
    with pytest.raises(psycopg.OperationalError):
        around.connect(None)
    with pytest.raises(psycopg.OperationalError):
        around.connect(around.client, user="postgres")
    with pytest.raises(psycopg.OperationalError):
        around.connect(around.client, sslmode="disable")


def test_nobody_gets_past_the_pooler(around: Surroundings) -> None:
    past: dict[str, Any] = {"host": "127.0.0.1", "port": around.server.port, "user": ORDERS.user, "dbname": NAME}
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        psycopg.connect(**past, sslmode="disable")
    # Its certificate is of the clients' authority, not of that of the instances.
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**past, sslmode="require", sslcert=str(around.client[0]), sslkey=str(around.client[1]))


def test_a_restart_behind_a_paused_pooler_costs_no_client_anything(around: Surroundings) -> None:
    with Load(around, "paused") as load:
        around.pooler.command("PAUSE")
        around.server.stop()
        around.server.start()
        around.pooler.command("RESUME")
        load.go_on()
    assert not load.errors
    assert load.confirmed <= around.written


def test_a_restart_without_warning_costs_only_what_is_in_flight(around: Surroundings) -> None:
    idle = [around.connect(around.client) for _ in range(3)]
    for connection in idle:
        connection.execute("SELECT 1")
    with Load(around, "sudden") as load:
        around.server.stop()
        around.server.start()
        load.go_on()
    # Nothing that was confirmed is missing, and who was idle notices nothing.
    assert load.confirmed <= around.written
    for connection in idle:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        connection.close()
    assert len([error for error in load.errors if "server_login_retry" not in error]) <= CLIENTS
