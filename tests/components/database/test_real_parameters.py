"""A real server takes every parameter that we set, and refuses whoever comes without TLS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from components.database.cloudnativepg.parameters import parameters as cloudnativepg_parameters
from components.database.flexible_server.parameters import parameters as flexible_server_parameters
from components.database.limits import ConnectionLimits
from components.database.rds.parameters import parameters as rds_parameters
from tests.certificates import Authority
from tests.components.database.cloudnativepg.examples import ARGS
from tests.components.database.servers import LocalPostgres, ServerError, hand_over, server_directory, version_of

pytestmark = pytest.mark.server

STATISTICS: Final = {"shared_preload_libraries": "pg_stat_statements"}
"""Loaded by Azure and by the operator themselves, since a parameter of it is set."""
SERVICES_OWN: Final = {
    "rds": ("rds.",),
    "flexible_server": ("azure.", "metrics.", "pg_qs.", "pgbouncer.", "pgms_wait_sampling."),
    "cloudnativepg": (),
}
"""What a service has added to PostgreSQL, which no other server knows: left out by name here."""
AS_TLS: Final = {"rds.force_ssl": "1", "require_secure_transport": "on"}
"""How a service asks for TLS. PostgreSQL asks for it in pg_hba.conf."""
LATER: Final[Mapping[str, int]] = {}
"""Parameters that PostgreSQL has only from a major on: none of ours so far."""
SETS: Final[Mapping[str, Mapping[str, str]]] = {
    "rds": {each.name: each.value for each in rds_parameters(max_connections=100)},
    "flexible_server": {
        **flexible_server_parameters(ConnectionLimits(most=100, reserved=15), extensions=["pgcrypto"], pool=40),
        **STATISTICS,
    },
    "cloudnativepg": {**cloudnativepg_parameters(ARGS), **STATISTICS},
}


def known(name: str) -> Mapping[str, str]:
    """What of a set any PostgreSQL of this major knows."""
    major = version_of("postgres")[0]
    return {
        parameter: value
        for parameter, value in SETS[name].items()
        if parameter not in AS_TLS and not parameter.startswith(SERVICES_OWN[name]) and LATER.get(parameter, 0) <= major
    }


@pytest.fixture
def directory() -> Iterator[Path]:
    with server_directory() as made:
        yield made


def tls(directory: Path) -> dict[str, str]:
    authority = Authority(directory)
    certificate, key = authority.issue("localhost")
    hand_over(directory)
    return {"ssl": "on", "ssl_cert_file": str(certificate), "ssl_key_file": str(key), "ssl_ca_file": str(authority.certificate)}


@pytest.mark.parametrize("name", sorted(SETS))
def test_postgresql_takes_all_parameters_that_the_service_hands_on(name: str, directory: Path) -> None:
    # A few of the memory that ours have, so that any machine has it.
    smaller = {"shared_buffers": "32MB"} if "shared_buffers" in known(name) else {}
    with LocalPostgres(directory, {**known(name), **smaller}, []) as server:
        written = server.ask("SELECT name, applied, error FROM pg_file_settings")
        assert {parameter: (applied, error) for parameter, applied, error in written if parameter in known(name)} == dict.fromkeys(
            known(name), (True, None)
        )
        # A name that PostgreSQL does not know at all is a text to it; these it knows by their kinds.
        types = dict(server.ask("SELECT name, vartype FROM pg_settings WHERE source = 'configuration file'"))
        assert types["pg_stat_statements.track"] == "enum"
        assert set(known(name)) <= set(types)


@pytest.mark.parametrize(("parameter", "value"), [("max_connection", "100"), ("log_temp_files", "ten"), ("track_io_timing", "maybe")])
def test_postgresql_would_tell_of_a_parameter_that_is_none(parameter: str, value: str, directory: Path) -> None:
    with pytest.raises(ServerError, match=parameter), LocalPostgres(directory, {**known("rds"), parameter: value}, []):
        pass


@pytest.mark.parametrize("name", ["rds", "flexible_server"])
def test_nobody_comes_in_without_tls(name: str, directory: Path) -> None:
    assert [SETS[name][parameter] for parameter in AS_TLS if parameter in SETS[name]]
    with LocalPostgres(directory, {**known(name), **tls(directory)}, ["hostssl all all 127.0.0.1/32 trust"]) as server:
        host: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "user": "postgres", "dbname": "postgres"}
        with pytest.raises(psycopg.OperationalError, match="no encryption"):
            psycopg.connect(**host, sslmode="disable")
        with psycopg.connect(**host, sslmode="verify-ca", sslrootcert=str(directory / "ca.crt")) as connection:
            assert connection.execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone() == (True,)
