from __future__ import annotations

import pytest

from components.database.rds.insights import InsightsRetentionError, check_insights_retention, insights_mode
from components.database.rds.parameters import EngineVersionError, major_of, parameters


@pytest.mark.parametrize(("version", "major"), [("16.10", 16), ("17.6", 17)])
def test_the_major_is_that_of_an_exact_version(version: str, major: int) -> None:
    assert major_of(version) == major


@pytest.mark.parametrize("version", ["17", "17.x", "15.14", "latest", "17.6.1", ""])
def test_a_version_that_is_not_exact_or_too_old_is_refused(version: str) -> None:
    with pytest.raises(EngineVersionError, match=r"write an exact version of PostgreSQL 16 or 17, such as 17\.6"):
        major_of(version)


def test_tls_is_forced_and_what_is_slow_is_remembered() -> None:
    values = {parameter.name: parameter.value for parameter in parameters(max_connections=901)}
    assert values["rds.force_ssl"] == "1"
    assert values["max_connections"] == "901"
    assert values["shared_preload_libraries"] == "pg_stat_statements"
    assert values["log_min_duration_statement"] == "500"
    assert values["track_io_timing"] == "1"


def test_parameters_that_postgresql_reads_at_its_start_wait_for_one() -> None:
    waiting = {parameter.name for parameter in parameters(max_connections=901) if parameter.apply_method == "pending-reboot"}
    assert waiting == {"max_connections", "shared_preload_libraries"}


@pytest.mark.parametrize("days", [7, 31, 62, 465, 713, 731])
def test_a_retention_that_performance_insights_offers_is_accepted(days: int) -> None:
    check_insights_retention(days)


@pytest.mark.parametrize("days", [0, 6, 30, 32, 365, 730, 732, 744])
def test_a_retention_that_performance_insights_lacks_is_refused(days: int) -> None:
    with pytest.raises(
        InsightsRetentionError, match=f"no Performance Insights retention of {days} days; allowed are 7, multiples of 31, 731"
    ):
        check_insights_retention(days)


@pytest.mark.parametrize(("days", "mode"), [(7, "standard"), (434, "standard"), (465, "advanced"), (731, "advanced")])
def test_fifteen_months_of_history_make_the_mode_advanced(days: int, mode: str) -> None:
    assert insights_mode(days) == mode
