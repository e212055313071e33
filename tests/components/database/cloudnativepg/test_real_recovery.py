"""A real server that archives as the operator lets it comes back to the moment that somebody names."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from components.database.cloudnativepg.parameters import parameters
from tests.components.database.cloudnativepg.examples import ARGS
from tests.components.database.servers import PATIENCE_SECONDS, SUPERUSER, LocalPostgres, hand_over, run, server_directory

pytestmark = pytest.mark.server

OPERATORS: Final = {
    "archive_mode": "on",
    "archive_timeout": "5min",
    "full_page_writes": "on",
    "hot_standby": "true",
    "max_replication_slots": "32",
    "wal_level": "logical",
    "wal_log_hints": "on",
    "shared_preload_libraries": "pg_stat_statements",
}
"""What the operator adds to our parameters (pkg/postgres/configuration.go of v1.30.0), as far as archiving is concerned."""


def settings(archive: Path, **more: str) -> Mapping[str, str]:
    """Ours and the operator's, with a directory in place of the bucket."""
    into = {"archive_command": f"test ! -f {archive}/%f && cp %p {archive}/%f"}
    return {**parameters(ARGS), "shared_buffers": "32MB", **OPERATORS, **into, **more}


@pytest.fixture
def directory() -> Iterator[Path]:
    with server_directory() as made:
        (made / "archive").mkdir()
        (made / "lost").mkdir()
        (made / "again").mkdir()
        hand_over(made)
        yield made


def archived(server: LocalPostgres) -> None:
    """Wait until what is written is in the archive."""
    ((segment,),) = server.ask("SELECT pg_walfile_name(pg_switch_wal())")
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if (server.directory.parent / "archive" / segment).exists():
            return
        time.sleep(0.05)
    pytest.fail(f"{segment} was not archived")


def test_a_restore_has_what_was_written_before_the_moment_and_nothing_after(directory: Path) -> None:
    archive = directory / "archive"
    with LocalPostgres(directory / "lost", settings(archive), [f"local replication {SUPERUSER} trust"]) as server:
        server.ask("CREATE TABLE orders (id int PRIMARY KEY)")
        base = directory / "again" / "data"
        run("pg_basebackup", "-h", server.directory, "-p", str(server.port), "-U", SUPERUSER, "-D", base, "-X", "none", "-c", "fast", "-N")
        server.ask("INSERT INTO orders SELECT generate_series(1, 100)")
        # Commits of the same microsecond would count as before it.
        time.sleep(0.01)
        ((moment,),) = server.ask("SELECT clock_timestamp()")
        time.sleep(0.01)
        server.ask("INSERT INTO orders SELECT generate_series(101, 200)")
        server.ask("DELETE FROM orders WHERE id <= 50")
        archived(server)
    # Its volumes are lost with it: what comes back comes from base backup and archive.
    shutil.rmtree(directory / "lost")
    (base / "recovery.signal").touch()
    target = {
        "restore_command": f"cp {archive}/%f %p",
        "recovery_target_time": moment.isoformat(),
        "recovery_target_action": "promote",
    }
    again = LocalPostgres(directory / "again", settings(archive, **target), [], new=False)
    hand_over(base)
    with again as server:
        assert server.ask("SELECT count(*), min(id), max(id) FROM orders") == [(100, 1, 100)]
        server.ask("INSERT INTO orders VALUES (1000)")
        # It goes on in a timeline of its own, so that the archive keeps both.
        assert server.ask("SELECT timeline_id FROM pg_control_checkpoint()") == [(2,)]


def test_what_was_not_archived_is_told_of(directory: Path) -> None:
    broken = {"archive_command": "false"}
    with LocalPostgres(directory / "lost", {**settings(directory / "archive"), **broken}, []) as server:
        server.ask("SELECT pg_switch_wal()")
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            # The alert DatabaseArchivingFailing compares the moments of the last failure and of the last success.
            ((failed, succeeded),) = server.ask("SELECT last_failed_time, last_archived_time FROM pg_stat_archiver")
            if failed is not None:
                assert succeeded is None
                return
            time.sleep(0.05)
        pytest.fail("PostgreSQL did not count the failure")
