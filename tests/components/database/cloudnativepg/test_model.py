from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.database.cloudnativepg.model import DatabaseSettings
from components.database.cloudnativepg.releases import POSTGRES, postgres_image
from tests.components.database.cloudnativepg.examples import SETTINGS


def settings(**changed: Any) -> DatabaseSettings:
    return DatabaseSettings.model_validate({**SETTINGS, **changed})


@pytest.mark.parametrize("version", ["17.9", "15", 17, "latest"])
def test_the_version_is_a_supported_major_in_quotes(version: object) -> None:
    with pytest.raises(ValidationError, match="major version of PostgreSQL, 16, 17, 18"):
        settings(engineVersion=version)


@pytest.mark.parametrize("major", POSTGRES)
def test_each_major_has_an_image_of_an_exact_build(major: str) -> None:
    image = postgres_image(major, None)
    assert image.startswith(f"ghcr.io/cloudnative-pg/postgresql:{major}.")
    assert len(image.partition("@sha256:")[2]) == 64


def test_a_database_does_not_write_over_what_it_is_restored_from() -> None:
    with pytest.raises(ValidationError, match="name another, such as postgres-2"):
        settings(restoreFrom={"archive": "postgres"})
    assert settings(restoreFrom={"archive": "postgres"}, archive="postgres-2").restore_from


@pytest.mark.parametrize("moment", ["yesterday", "2026-09-21", "2026-09-21T14:05:00+02:00"])
def test_a_moment_is_written_in_utc(moment: str) -> None:
    with pytest.raises(ValidationError, match="a moment in UTC"):
        settings(archive="postgres-2", restoreFrom={"archive": "postgres", "targetTime": moment})


def test_commits_wait_for_a_standby_come_what_may_only_where_one_may_fail() -> None:
    assert [settings(instances=count).is_synchronous for count in (1, 2, 3)] == [False, False, True]


def test_a_database_that_follows_stops_at_no_moment() -> None:
    with pytest.raises(ValidationError, match="stops at no moment"):
        settings(archive="postgres-2", restoreFrom={"archive": "postgres", "follow": True, "targetTime": "2026-09-21T14:05:00Z"})
